import type { EditorView } from '@codemirror/view';
import { Button, NativeSelect, Tabs, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import { Panel } from '../../components/panel.tsx';
import { FormError } from '../session/form-error.tsx';
import { traderListQuery } from '../traders/queries.ts';
import { CodeEditor } from './code-editor.tsx';
import { PreviewPane } from './preview-pane.tsx';
import classes from './prompt-editor.module.css';
import { useVariables } from './queries.ts';
import { usePreview } from './use-preview.ts';
import { VariablesPane } from './variables-pane.tsx';

export interface PromptDraft {
  readonly name: string;
  readonly content: string;
}
interface PromptEditorProps {
  readonly initial: PromptDraft;
  readonly action: string;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onSave: (draft: PromptDraft) => void;
  /** The trader whose values fill the preview; chosen by the person when absent. */
  readonly traderId?: string;
  /** A further tab beside preview and variables. */
  readonly versions?: ReactNode;
}

/** Editor, live preview and variables side by side. */
export function PromptEditor({ initial, action, isPending, error, onSave, traderId, versions }: PromptEditorProps) {
  const [draft, setDraft] = useState(initial);
  const [chosenTrader, setChosenTrader] = useState(traderId ?? '');
  const view = useRef<EditorView | null>(null);
  const variables = useVariables();
  const preview = usePreview(draft.content, { traderId: chosenTrader === '' ? undefined : chosenTrader });
  const isUnchanged = draft.name === initial.name && draft.content === initial.content;
  const insert = (name: string): void => {
    const editor = view.current;
    if (editor === null) return;
    editor.dispatch(editor.state.replaceSelection(`{{${name}}}`));
    editor.focus();
  };
  const save = (
    <Button
      loading={isPending}
      disabled={draft.name.trim() === '' || draft.content.trim() === '' || (isUnchanged && versions !== undefined)}
      onClick={() => onSave({ ...draft, name: draft.name.trim() })}
    >
      {action}
    </Button>
  );
  return (
    <div className={classes.editor}>
      <Panel title="Text" actions={save}>
        <div className={classes.name}>
          <TextInput
            label="Name"
            value={draft.name}
            maxLength={80}
            onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
          />
          <FormError error={error} />
        </div>
        <CodeEditor
          label="Text of the prompt"
          initial={initial.content}
          variables={variables.data?.items ?? []}
          problems={preview.data?.problems ?? NO_PROBLEMS}
          onChange={(content) => setDraft((previous) => ({ ...previous, content }))}
          view={view}
        />
      </Panel>
      <Panel
        title="Preview and variables"
        actions={traderId === undefined && <TraderChoice value={chosenTrader} onChange={setChosenTrader} />}
      >
        <Tabs defaultValue="preview" keepMounted={false}>
          <Tabs.List aria-label="Beside the text">
            <Tabs.Tab value="preview">Preview</Tabs.Tab>
            <Tabs.Tab value="variables">Variables</Tabs.Tab>
            {versions !== undefined && <Tabs.Tab value="versions">Versions</Tabs.Tab>}
          </Tabs.List>
          <Tabs.Panel value="preview">
            <PreviewPane query={preview} />
          </Tabs.Panel>
          <Tabs.Panel value="variables">
            <VariablesPane query={variables} onInsert={insert} />
          </Tabs.Panel>
          {versions !== undefined && <Tabs.Panel value="versions">{versions}</Tabs.Panel>}
        </Tabs>
      </Panel>
    </div>
  );
}

const NO_PROBLEMS: never[] = [];

function TraderChoice({ value, onChange }: { readonly value: string; readonly onChange: (traderId: string) => void }) {
  const traders = useQuery(traderListQuery(false)).data?.items ?? [];
  return (
    <NativeSelect
      size="xs"
      aria-label="Whose values fill the preview"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[
        { value: '', label: 'Values of the paper market' },
        ...traders.map((trader) => ({ value: trader.id, label: `Values of ${trader.name}` })),
      ]}
    />
  );
}
