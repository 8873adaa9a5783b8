import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { keys } from '../../api/keys.ts';
import { createPrompt } from '../../api/prompts.ts';
import { Page } from '../../components/page.tsx';
import { PromptEditor } from './prompt-editor.tsx';
import { STARTER_PROMPT } from './starter-prompt.ts';

const INITIAL = { name: 'My prompt', content: STARTER_PROMPT };

export function NewPromptPage() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const mutation = useMutation({
    mutationFn: createPrompt,
    onSuccess: async (prompt) => {
      await client.invalidateQueries({ queryKey: keys.prompts });
      await navigate({ to: '/prompts/$promptId', params: { promptId: prompt.id } });
    },
  });
  return (
    <Page title="New prompt" lead="Write in plain words; variables in double braces are replaced by live values at each run.">
      <PromptEditor
        initial={INITIAL}
        action="Create the prompt"
        isPending={mutation.isPending}
        error={mutation.error}
        onSave={(draft) => mutation.mutate(draft)}
      />
    </Page>
  );
}
