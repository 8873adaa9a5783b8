import { createFileRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { NewTraderPage } from '../../features/new-trader/new-trader-page.tsx';

export const Route = createFileRoute('/_app/traders/new')({
  validateSearch: z.object({ trader: z.string().optional().catch(undefined) }),
  component: function NewTrader() {
    const { trader } = Route.useSearch();
    const navigate = Route.useNavigate();
    // Navigation failures are shown by the router itself.
    return <NewTraderPage traderId={trader} onCreated={(id) => void navigate({ search: { trader: id }, replace: true })} />;
  },
});
