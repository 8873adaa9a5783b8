import type { Prompt } from '@hyperoru/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { keys } from '../../api/keys.ts';
import { updatePrompt } from '../../api/prompts.ts';
import { Page } from '../../components/page.tsx';
import { Loaded } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import { count } from '../../format/words.ts';
import { showSuccess } from '../shell/show-failure.ts';
import { PromptActions } from './prompt-actions.tsx';
import { type PromptDraft, PromptEditor } from './prompt-editor.tsx';
import { usePrompt } from './queries.ts';
import { VersionList } from './version-list.tsx';

export function PromptPage({ promptId }: { readonly promptId: string }) {
  const query = usePrompt(promptId);
  if (query.data === undefined) {
    return (
      <Page title="Prompt">
        <Loaded query={query} rows={8}>
          {() => null}
        </Loaded>
      </Page>
    );
  }
  return <Editing prompt={query.data} />;
}

function Editing({ prompt }: { readonly prompt: Prompt }) {
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (draft: PromptDraft) =>
      updatePrompt(prompt.id, {
        ...(draft.name === prompt.name ? {} : { name: draft.name }),
        ...(draft.content === prompt.content ? {} : { content: draft.content }),
      }),
    onSuccess: async (saved) => {
      showSuccess(
        saved.version === prompt.version ? 'Saved.' : `Saved as version ${saved.version}. Bindings use it from their next run on.`,
      );
      await client.invalidateQueries({ queryKey: keys.prompts });
    },
  });
  const initial = useMemo(() => ({ name: prompt.name, content: prompt.content }), [prompt.name, prompt.content]);
  return (
    <Page
      title={prompt.name}
      labels={
        <>
          <Tag>Version {prompt.version}</Tag>
          <Tag tone={prompt.bindings_count > 0 ? 'accent' : 'neutral'}>
            {prompt.bindings_count === 0 ? 'Not bound' : `Used by ${count(prompt.bindings_count, 'binding')}`}
          </Tag>
        </>
      }
      actions={<PromptActions prompt={prompt} />}
    >
      <PromptEditor
        key={`${prompt.id} ${prompt.version}`}
        initial={initial}
        action="Save as new version"
        isPending={save.isPending}
        error={save.error}
        onSave={(draft) => save.mutate(draft)}
        versions={<VersionList prompt={prompt} onRestore={(content) => save.mutate({ name: prompt.name, content })} />}
      />
    </Page>
  );
}
