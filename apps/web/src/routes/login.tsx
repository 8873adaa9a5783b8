import { createFileRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { LoginPage } from '../features/session/login-page.tsx';

const Search = z.object({
  /** Where to go afterwards; only paths of this dashboard. */
  then: z.string().regex(/^\/(?!\/)/).optional().catch(undefined),
  ended: z.boolean().optional().catch(undefined),
});

export const Route = createFileRoute('/login')({
  validateSearch: Search,
  component: function Login() {
    const { then, ended } = Route.useSearch();
    return <LoginPage then={then ?? '/'} hasEnded={ended === true} />;
  },
});
