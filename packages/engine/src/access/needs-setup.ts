import type { EngineDeps } from '../deps.ts';
import { listPeople } from './demo-owner.ts';

/** True until the first person was set up. */
export async function needsSetup(deps: Pick<EngineDeps, 'store'>): Promise<boolean> {
  return deps.store.transaction(async (tx) => (await listPeople(tx)).length === 0);
}
