import { ActionIcon, CopyButton } from '@mantine/core';
import classes from './code-block.module.css';
import { Icon } from './icon.tsx';

/** Text exactly as recorded, scrollable, with a copy button. */
export function CodeBlock({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div className={classes.block}>
      <div className={classes.head}>
        <span>{label}</span>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <ActionIcon size="sm" onClick={copy} aria-label={copied ? `${label} copied` : `Copy ${label}`}>
              <Icon name={copied ? 'check' : 'copy'} size={14} />
            </ActionIcon>
          )}
        </CopyButton>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard. */}
      <section className={classes.scroll} tabIndex={0} aria-label={label}>
        <pre className={classes.text}>{text}</pre>
      </section>
    </div>
  );
}

/** Indents JSON; anything else stays as it is. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
