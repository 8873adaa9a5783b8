import type { ReactNode } from 'react';
import classes from './scroll-area.module.css';

interface ScrollAreaProps {
  readonly label: string;
  readonly maxHeight?: string;
  readonly children: ReactNode;
}

/** Scrolls what is too large, also by keyboard. A named group, not a landmark: a page has dozens of them. */
export function ScrollArea({ label, maxHeight, children }: ScrollAreaProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area has to be reachable by keyboard.
    <div role="group" aria-label={label} tabIndex={0} className={classes.area} style={{ maxHeight }}>
      {children}
    </div>
  );
}
