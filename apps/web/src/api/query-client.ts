import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';

/** A figure older than this is fetched again when a page shows it, ms. The stream refreshes earlier. */
const FRESH_MS = 15_000;
const RETRIES_MAX = 2;

/** Only what may pass by itself is tried again: an unreachable or starting server. */
export function mayRetry(failures: number, error: Error): boolean {
  if (failures >= RETRIES_MAX) return false;
  return error instanceof ApiError && (error.status === 0 || error.status === 503);
}

/** `onSignedOut` hears that the session has ended, whichever request noticed it. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: Error): void => {
    if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { staleTime: FRESH_MS, retry: mayRetry, refetchOnWindowFocus: true, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
