import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { ApiError, fixOf, sentenceOf } from '../api/api-error.ts';
import classes from './states.module.css';

/** What a panel shows when there is nothing yet: one sentence and the next step. */
export function Empty({ title, children, action }: { readonly title: string; readonly children?: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className={classes.state}>
      <p className={classes.title}>{title}</p>
      {children !== undefined && <p className={classes.text}>{children}</p>}
      {action !== undefined && <div className={classes.action}>{action}</div>}
    </div>
  );
}

/** What went wrong, what to do, and the number to quote. */
export function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const requestId = error instanceof ApiError ? error.requestId : null;
  return (
    <div className={classes.state} role="alert">
      <p className={classes.title}>{sentenceOf(error)}</p>
      {fixOf(error) !== null && <p className={classes.text}>{fixOf(error)}</p>}
      {onRetry !== undefined && (
        <div className={classes.action}>
          <Button variant="default" onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
      {requestId !== null && <p className={classes.request}>Request {requestId}</p>}
    </div>
  );
}

/** Grey lines in the shape of what is on its way. */
export function LoadingRows({ rows = 4, height = 18 }: { readonly rows?: number; readonly height?: number }) {
  return (
    <div className={classes.loading} role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => `row ${row}`).map((key, row) => (
        <Skeleton key={key} height={height} width={`${100 - (row % 3) * 12}%`} />
      ))}
    </div>
  );
}
