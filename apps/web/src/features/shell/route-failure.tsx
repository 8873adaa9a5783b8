import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { ApiError } from '../../api/api-error.ts';
import { Failure } from '../../components/states.tsx';
import { NotFound } from './not-found.tsx';

/** A page that could not be loaded at all. */
export function RouteFailure({ error }: ErrorComponentProps) {
  const router = useRouter();
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  // The reload's own failure lands here again.
  return <Failure error={error} onRetry={() => void router.invalidate()} />;
}
