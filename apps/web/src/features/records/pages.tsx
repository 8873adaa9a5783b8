import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Loaded } from '../../components/panel.tsx';
import classes from './pages.module.css';
import type { usePages } from './use-pages.ts';

interface PagesProps<T> {
  readonly query: ReturnType<typeof usePages<T>>;
  readonly empty: ReactNode;
  readonly children: (rows: readonly T[]) => ReactNode;
}

/** A growing list with its states and the button for older entries. */
export function Pages<T>({ query, empty, children }: PagesProps<T>) {
  return (
    <Loaded query={query} rows={6} isEmpty={(rows) => rows.length === 0} empty={empty}>
      {(rows) => (
        <>
          {children(rows)}
          {query.hasNextPage && (
            <div className={classes.more}>
              <Button variant="default" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
                Load older
              </Button>
            </div>
          )}
        </>
      )}
    </Loaded>
  );
}
