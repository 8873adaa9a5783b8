import { createFileRoute, redirect } from '@tanstack/react-router';
import { ApiError } from '../api/api-error.ts';
import { profileQuery, setupQuery } from '../features/session/queries.ts';
import { Shell } from '../features/shell/shell.tsx';

/** Everything below needs a session: without one the way leads to set-up (first start) or login, and back afterwards. */
export const Route = createFileRoute('/_app')({
  beforeLoad: async ({ context: { queryClient }, location }) => {
    if (queryClient.getQueryData(profileQuery.queryKey) !== undefined) return;
    const setup = await queryClient.fetchQuery(setupQuery);
    if (setup.needs_setup) throw redirect({ to: '/setup' });
    try {
      await queryClient.fetchQuery(profileQuery);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      throw redirect({ to: '/login', search: { back: location.href } });
    }
  },
  component: Shell,
});
