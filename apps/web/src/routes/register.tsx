import { createFileRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { RegisterPage } from '../features/session/register-page.tsx';

export const Route = createFileRoute('/register')({
  validateSearch: z.object({ invitation: z.string().optional().catch(undefined) }),
  component: function Register() {
    return <RegisterPage invitation={Route.useSearch().invitation ?? ''} />;
  },
});
