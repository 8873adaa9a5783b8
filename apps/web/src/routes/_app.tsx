import { createFileRoute, redirect } from '@tanstack/react-router';
import { ApiError } from '../api/api-error.ts';
import { profileQuery, setupQuery } from '../features/session/queries.ts';
import { Shell } from '../features/shell/shell.tsx';

/** Everything below needs a session: without one the way leads to set-up (first start) or login, and back afterwards. */
export const Route = createFileRoute('/_app')({
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(profileQuery);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      const setup = await context.queryClient.fetchQuery(setupQuery);
      throw setup.needs_setup ? redirect({ to: '/setup' }) : redirect({ to: '/login', search: { back: location.href } });
    }
  },
  component: Shell,
});
