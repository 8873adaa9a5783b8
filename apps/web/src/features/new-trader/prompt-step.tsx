import { Button, Group, NativeSelect, SegmentedControl, Stack } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keys } from '../../api/keys.ts';
import { createPrompt, listPrompts } from '../../api/prompts.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { Loaded } from '../../components/panel.tsx';
import { type PromptDraft, PromptEditor } from '../prompts/prompt-editor.tsx';
import { STARTER_PROMPT } from '../prompts/starter-prompt.ts';
import classes from './prompt-step.module.css';

interface PromptStepProps {
  readonly traderId: string;
  readonly onChosen: (promptId: string) => void;
}
const INITIAL: PromptDraft = { name: 'My first prompt', content: STARTER_PROMPT };

/** Choose a prompt that exists, or write one with a live preview. */
export function PromptStep({ traderId, onChosen }: PromptStepProps) {
  const [mode, setMode] = useState<string>();
  const query = useQuery({ queryKey: keys.prompts, queryFn: listPrompts });
  const hasPrompts = (query.data?.items.length ?? 0) > 0;
  const shown = mode ?? (hasPrompts ? 'choose' : 'write');
  return (
    <Loaded query={query}>
      {() => (
        <Stack gap="md">
          {hasPrompts && (
            <SegmentedControl
              size="xs"
              aria-label="Choose or write"
              style={{ alignSelf: 'flex-start' }}
              value={shown}
              onChange={setMode}
              data={[
                { value: 'choose', label: 'Choose one' },
                { value: 'write', label: 'Write a new one' },
              ]}
            />
          )}
          {shown === 'choose' ? <Choose onChosen={onChosen} /> : <Write traderId={traderId} onChosen={onChosen} />}
        </Stack>
      )}
    </Loaded>
  );
}

function Choose({ onChosen }: { readonly onChosen: (promptId: string) => void }) {
  const prompts = useQuery({ queryKey: keys.prompts, queryFn: listPrompts }).data?.items ?? [];
  const [id, setId] = useState(prompts[0]?.id ?? '');
  const chosen = prompts.find((prompt) => prompt.id === id);
  return (
    <Stack gap="sm">
      <NativeSelect
        label="Prompt"
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
        data={prompts.map((prompt) => ({ value: prompt.id, label: `${prompt.name} (version ${prompt.version})` }))}
      />
      {chosen !== undefined && <CodeBlock label="Text" text={chosen.content} />}
      <Group>
        <Button disabled={chosen === undefined} onClick={() => onChosen(id)}>
          Use this prompt
        </Button>
      </Group>
    </Stack>
  );
}

function Write({ traderId, onChosen }: PromptStepProps) {
  const client = useQueryClient();
  const mutation = useMutation({
    mutationFn: (draft: PromptDraft) => createPrompt(draft),
    onSuccess: async (prompt) => {
      await client.invalidateQueries({ queryKey: keys.prompts });
      onChosen(prompt.id);
    },
  });
  return (
    <div className={classes.wide}>
      <PromptEditor
        initial={INITIAL}
        action="Create and continue"
        isPending={mutation.isPending}
        error={mutation.error}
        onSave={(draft) => mutation.mutate(draft)}
        traderId={traderId}
      />
    </div>
  );
}
