import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import type { PromptPreviewAnswer } from '@hyperoru/contracts';
import { basicSetup } from 'codemirror';
import { type RefObject, useEffect, useRef } from 'react';
import { editorTheme } from './editor-theme.ts';

type Problems = PromptPreviewAnswer['problems'];
interface Variable {
  readonly name: string;
  readonly meaning: string;
}
interface CodeEditorProps {
  readonly label: string;
  readonly initial: string;
  readonly variables: readonly Variable[];
  readonly problems: Problems;
  readonly onChange: (content: string) => void;
  /** Filled with the live editor, so that a panel can insert at the cursor. */
  readonly view: RefObject<EditorView | null>;
}

/** Positions of problems in the text; a problem without a place marks the first line. */
export function toDiagnostics(state: EditorState, problems: Problems): Diagnostic[] {
  return problems.map((problem) => {
    const line = state.doc.line(Math.min(Math.max(problem.line ?? 1, 1), state.doc.lines));
    const from = Math.min(line.from + Math.max((problem.column ?? 1) - 1, 0), line.to);
    return { from, to: Math.max(from, line.to), severity: 'error', message: problem.message };
  });
}

/** Offers variables after "{" or "{{", and closes the braces. */
export function completeVariable(context: CompletionContext, variables: readonly Variable[]): CompletionResult | null {
  const open = context.matchBefore(/\{\{?\s*\w*/);
  if (open === null) return null;
  return {
    from: open.from,
    options: variables.map(({ name, meaning }) => ({ label: `{{${name}}}`, detail: meaning, type: 'variable' })),
    filter: true,
  };
}

/** The text of a prompt with completion and marks at its problems. */
export function CodeEditor({ label, initial, variables, problems, onChange, view }: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef({ variables, onChange });
  latest.current = { variables, onChange };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor owns its text; a new initial text means a new editor.
  useEffect(() => {
    if (place.current === null) return;
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: initial,
        extensions: [
          basicSetup,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          autocompletion({ override: [(context) => completeVariable(context, latest.current.variables)] }),
          lintGutter(),
          editorTheme,
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, [initial, label]);

  useEffect(() => {
    const editor = view.current;
    editor?.dispatch(setDiagnostics(editor.state, toDiagnostics(editor.state, problems)));
  }, [problems, view]);

  return <div ref={place} />;
}
