import { createFileRoute } from '@tanstack/react-router';
import { AnalyticsPage, AnalyticsSearch } from '../../features/analytics/analytics-page.tsx';

export const Route = createFileRoute('/_app/analytics')({
  validateSearch: AnalyticsSearch,
  component: function Analytics() {
    const navigate = Route.useNavigate();
    // Navigation failures are shown by the router itself.
    return (
      <AnalyticsPage
        search={Route.useSearch()}
        onSearch={(change) => void navigate({ search: (previous) => ({ ...previous, ...change }), replace: true })}
      />
    );
  },
});
