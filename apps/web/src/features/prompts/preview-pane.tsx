import type { PromptPreviewAnswer } from '@hyperoru/contracts';
import { CodeBlock } from '../../components/code-block.tsx';
import { Loaded } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import classes from './prompt-editor.module.css';
import type { usePreview } from './use-preview.ts';

/** What the model would be sent now, or what keeps the text from being rendered. */
export function PreviewPane({ query }: { readonly query: ReturnType<typeof usePreview> }) {
  return (
    <Loaded query={query} rows={6}>
      {(answer) => (
        <div className={classes.preview}>
          <Problems problems={answer.problems} />
          {answer.text !== null && <CodeBlock label="Rendered with live values" text={answer.text} />}
          {answer.approx_tokens !== null && <p className={classes.dim}>About {answer.approx_tokens.toLocaleString('en-US')} tokens</p>}
        </div>
      )}
    </Loaded>
  );
}

function Problems({ problems }: { readonly problems: PromptPreviewAnswer['problems'] }) {
  if (problems.length === 0) return <Tag tone="up">✓ No problems</Tag>;
  return (
    <ul className={classes.problems} aria-label="Problems">
      {problems.map((problem) => (
        <li key={`${problem.line}:${problem.column}:${problem.code}`}>
          {problem.line !== null && (
            <b>
              Line {problem.line}
              {problem.column !== null && `, column ${problem.column}`}:{' '}
            </b>
          )}
          {problem.message}
        </li>
      ))}
    </ul>
  );
}
