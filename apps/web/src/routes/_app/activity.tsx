import { createFileRoute } from '@tanstack/react-router';
import { ActivityPage, ActivitySearch } from '../../features/records/activity-page.tsx';

export const Route = createFileRoute('/_app/activity')({
  validateSearch: ActivitySearch,
  component: function Activity() {
    const navigate = Route.useNavigate();
    // Navigation failures are shown by the router itself.
    return (
      <ActivityPage
        search={Route.useSearch()}
        onSearch={(change) => void navigate({ search: (previous) => ({ ...previous, ...change }), replace: true })}
      />
    );
  },
});
