import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query';
import type { Filter } from '../../api/keys.ts';

const PAGE_SIZE = 25;

interface PageOf<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

/** A list that grows by pages, newest first. An empty cursor means the first page. */
export function usePages<T>(queryKey: QueryKey, fetchPage: (query: Filter) => Promise<PageOf<T>>, filter: Filter) {
  return useInfiniteQuery({
    queryKey: [...queryKey, 'pages'],
    queryFn: ({ pageParam }) => fetchPage({ ...filter, limit: PAGE_SIZE, cursor: pageParam }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    select: (data) => data.pages.flatMap((page) => page.items),
  });
}
