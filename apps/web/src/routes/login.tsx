import { createFileRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { LoginPage } from '../features/session/login-page.tsx';

const Search = z.object({
  /** Where to go afterwards; only paths of this dashboard. */
  back: z
    .string()
    .regex(/^\/(?!\/)/)
    .optional()
    .catch(undefined),
  ended: z.boolean().optional().catch(undefined),
});

export const Route = createFileRoute('/login')({
  validateSearch: Search,
  component: function Login() {
    const { back, ended } = Route.useSearch();
    return <LoginPage back={back ?? '/'} hasEnded={ended === true} />;
  },
});
