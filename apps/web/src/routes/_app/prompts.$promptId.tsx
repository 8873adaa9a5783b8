import { createFileRoute } from '@tanstack/react-router';
import { PromptPage } from '../../features/prompts/prompt-page.tsx';

export const Route = createFileRoute('/_app/prompts/$promptId')({
  component: function Prompt() {
    return <PromptPage promptId={Route.useParams().promptId} />;
  },
});
