import { createFileRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { EquityRange } from '../../features/equity/equity-range.ts';
import { TraderPage } from '../../features/trader/trader-page.tsx';
import { TraderTab } from '../../features/trader/trader-tabs.tsx';

const Search = z.object({ tab: TraderTab.optional().catch(undefined), range: EquityRange.optional().catch(undefined) });

export const Route = createFileRoute('/_app/traders/$traderId')({
  validateSearch: Search,
  component: function Trader() {
    const { traderId } = Route.useParams();
    const { tab = 'decisions', range = '1d' } = Route.useSearch();
    const navigate = Route.useNavigate();
    const show = (change: z.infer<typeof Search>) =>
      // Navigation failures are shown by the router itself.
      void navigate({ search: (previous) => ({ ...previous, ...change }), replace: true, resetScroll: false });
    return (
      <TraderPage
        traderId={traderId}
        tab={tab}
        range={range}
        onTab={(next) => show({ tab: next })}
        onRange={(next) => show({ range: next })}
      />
    );
  },
});
