import { queryOptions } from '@tanstack/react-query';
import { keys } from '../../api/keys.ts';
import { listBindings, listTraders, readOverview } from '../../api/traders.ts';

/** Without the stream a card is still never older than this, ms. */
const POLL_MS = 30_000;

export const traderListQuery = (includeDeleted: boolean) =>
  queryOptions({ queryKey: keys.traderList(includeDeleted), queryFn: () => listTraders(includeDeleted), refetchInterval: POLL_MS });

export const overviewQuery = (id: string) =>
  queryOptions({ queryKey: keys.overview(id), queryFn: () => readOverview(id), refetchInterval: POLL_MS });

export const bindingsQuery = (traderId: string) =>
  queryOptions({ queryKey: keys.bindings(traderId), queryFn: () => listBindings(traderId) });
