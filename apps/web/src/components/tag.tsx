import type { ReactNode } from 'react';
import classes from './tag.module.css';

export type Tone = 'neutral' | 'accent' | 'up' | 'down' | 'warn' | 'scripted';

/** A short label. The colour supports the word, it never replaces it. */
export function Tag({
  tone = 'neutral',
  title,
  children,
}: {
  readonly tone?: Tone;
  readonly title?: string;
  readonly children: ReactNode;
}) {
  return (
    <span className={classes.tag} data-tone={tone} title={title}>
      {children}
    </span>
  );
}

/** Marks everything that the built-in scripted model decides. */
export function ScriptedTag() {
  return (
    <Tag tone="scripted" title="The built-in scripted model answers here. No real language model decides.">
      Scripted model
    </Tag>
  );
}
