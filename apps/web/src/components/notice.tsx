import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import classes from './notice.module.css';

interface NoticeProps {
  readonly tone: 'info' | 'warn' | 'down' | 'up';
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** Announces itself when it appears. */
  readonly isLive?: boolean;
}

/** A message inside a page: what is the case, and the way on. */
export function Notice({ tone, title, children, action, isLive = false }: NoticeProps) {
  return (
    <div className={classes.notice} data-tone={tone} role={isLive ? 'alert' : undefined}>
      <Icon name={tone === 'up' ? 'check' : tone === 'info' ? 'spark' : 'alert'} size={18} />
      <div className={classes.body}>
        <p className={classes.title}>{title}</p>
        {children !== undefined && <div className={classes.text}>{children}</div>}
      </div>
      {action !== undefined && <div>{action}</div>}
    </div>
  );
}
