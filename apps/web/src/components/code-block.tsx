import { ActionIcon, CopyButton } from '@mantine/core';
import classes from './code-block.module.css';
import { Icon } from './icon.tsx';
import { ScrollArea } from './scroll-area.tsx';

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
      <ScrollArea label={label} maxHeight="24rem">
        <pre className={classes.text}>{text}</pre>
      </ScrollArea>
    </div>
  );
}

/** Indents JSON; anything else stays as it is. */
export function prettyJson(text: string): string {
  const value = jsonOrNull(text);
  return value === null ? text : JSON.stringify(value, null, 2);
}

/** The value of a JSON text; null when it is not JSON. */
export function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
