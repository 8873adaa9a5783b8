import { createFileRoute } from '@tanstack/react-router';
import { RunPage } from '../../features/records/run-page.tsx';

export const Route = createFileRoute('/_app/runs/$runId')({
  component: function Run() {
    return <RunPage runId={Route.useParams().runId} />;
  },
});
