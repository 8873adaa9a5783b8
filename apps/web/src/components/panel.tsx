import { type ReactNode, useId } from 'react';
import { useStream } from '../api/stream-provider.tsx';
import classes from './panel.module.css';
import { Empty, Failure, LoadingRows } from './states.tsx';
import { Tag } from './tag.tsx';

interface PanelProps {
  readonly title: string;
  /** Controls at the right of the title. */
  readonly actions?: ReactNode;
  readonly note?: ReactNode;
  readonly children: ReactNode;
}

/** A titled area of a page. Says so when the live updates behind it have stopped. */
export function Panel({ title, actions, note, children }: PanelProps) {
  const id = useId();
  const { status } = useStream();
  return (
    <section className={classes.panel} aria-labelledby={id}>
      <header className={classes.head}>
        <h2 id={id} className={classes.title}>
          {title}
        </h2>
        {status.state === 'stale' && <Tag tone="warn">May be old</Tag>}
        {note !== undefined && <span className={classes.note}>{note}</span>}
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </section>
  );
}

interface Loadable<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}
interface LoadedProps<T> {
  readonly query: Loadable<T>;
  readonly rows?: number;
  readonly isEmpty?: (data: T) => boolean;
  readonly empty?: ReactNode;
  readonly children: (data: T) => ReactNode;
}

/** The four states of anything that is loaded: on its way, failed, empty, there. Old data stays visible when a reload fails. */
export function Loaded<T>({ query, rows = 4, isEmpty, empty, children }: LoadedProps<T>) {
  if (query.data === undefined) {
    return query.error === null ? <LoadingRows rows={rows} /> : <Failure error={query.error} onRetry={() => query.refetch()} />;
  }
  if (isEmpty?.(query.data) === true) return empty ?? <Empty title="Nothing here yet." />;
  return children(query.data);
}
