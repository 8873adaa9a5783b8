import type { Kill, TraderId } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import type { Page, PageRequest } from '../ports/read-model.ts';

/** Traders looked up by one read. */
const LOOK_UP_MAX = 200;

/** Uses of the kill switch that concern the caller, newest first, with the reports of their own traders. */
export async function listKills(deps: EngineDeps, scope: OwnerScope, page: PageRequest): Promise<Page<Kill>> {
  const found = await deps.readModel.listKills(scope, page);
  return { ...found, items: await withOwnReports(deps, scope, found.items) };
}

/** Those that block now, oldest first. */
export async function armedKills(deps: EngineDeps, scope: OwnerScope): Promise<readonly Kill[]> {
  const armed = await deps.store.transaction((tx) => tx.safety.listArmedKills());
  return (await withOwnReports(deps, scope, armed)).filter(({ traderId, traders }) => traderId === null || traders.length > 0);
}

/** Leaves out of each report what belongs to other people. */
export async function withOwnReports(deps: EngineDeps, scope: OwnerScope, kills: readonly Kill[]): Promise<readonly Kill[]> {
  const ids = [...new Set(kills.flatMap(({ traders }) => traders.map(({ traderId }) => traderId)))];
  const own = new Set<TraderId>();
  for (let from = 0; from < ids.length; from += LOOK_UP_MAX)
    for (const { id } of await deps.readModel.findTraders(scope, ids.slice(from, from + LOOK_UP_MAX))) own.add(id);
  return kills.map((kill) => ({ ...kill, traders: kill.traders.filter(({ traderId }) => own.has(traderId)) }));
}
