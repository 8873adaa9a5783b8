import type { Prompt } from '@hyperoru/contracts';
import { ActionIcon, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { keys } from '../../api/keys.ts';
import { copyPrompt, deletePrompt } from '../../api/prompts.ts';
import { Confirm } from '../../components/confirm.tsx';
import { Icon } from '../../components/icon.tsx';
import { showFailure } from '../shell/show-failure.ts';

/** Copy and delete. A prompt in use says where it is used instead of disappearing. */
export function PromptActions({ prompt }: { readonly prompt: Prompt }) {
  const [isAsking, setAsking] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  const copying = useMutation({
    mutationFn: () => copyPrompt(prompt.id),
    onSuccess: async (copy) => {
      await client.invalidateQueries({ queryKey: keys.prompts });
      await navigate({ to: '/prompts/$promptId', params: { promptId: copy.id } });
    },
    onError: (error) => showFailure('Not copied', error),
  });
  const deleting = useMutation({
    mutationFn: () => deletePrompt(prompt.id),
    onSuccess: async () => {
      setAsking(false);
      await navigate({ to: '/prompts' });
      await client.invalidateQueries({ queryKey: keys.prompts, exact: true });
    },
  });
  return (
    <Group gap={2} wrap="nowrap">
      <ActionIcon size="md" aria-label={`Copy ${prompt.name}`} title="Copy" loading={copying.isPending} onClick={() => copying.mutate()}>
        <Icon name="copy" />
      </ActionIcon>
      <ActionIcon size="md" aria-label={`Delete ${prompt.name}`} title="Delete" onClick={() => setAsking(true)}>
        <Icon name="trash" />
      </ActionIcon>
      <Confirm
        opened={isAsking}
        title={`Delete ${prompt.name}?`}
        action="Delete the prompt"
        isDangerous
        isPending={deleting.isPending}
        error={deleting.error}
        onConfirm={() => deleting.mutate()}
        onClose={() => setAsking(false)}
      >
        It can no longer be bound. Decisions made with it keep the text they were made with.
      </Confirm>
    </Group>
  );
}
