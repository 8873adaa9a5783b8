import type { Json, Trader } from '@hyperoru/domain';
import type { Store } from '@hyperoru/engine';

const PORT_SETTING = 'scripted_model.port';

/** A running server of the built-in scripted model. */
export interface ScriptedEndpoint {
  readonly baseUrl: string;
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Starts the scripted model on the port it had before, so that the traders' settings stay true across restarts. When that
 * port is taken it moves, and the traders that use it move with it.
 */
export async function openScriptedEndpoint(
  store: Store,
  startServer: (port: number) => Promise<ScriptedEndpoint>,
): Promise<ScriptedEndpoint> {
  const saved = portOf(await store.transaction((tx) => tx.journal.getSetting(PORT_SETTING)));
  const endpoint = await startServer(saved ?? 0).catch((error: unknown) => {
    if (saved === null) throw error;
    return startServer(0);
  });
  await store.transaction(async (tx) => {
    const stale = (await tx.traders.listLive()).filter((trader) => movedTo(trader, endpoint.baseUrl) !== null);
    for (const id of stale.map((trader) => trader.id).sort()) {
      const held = await tx.traders.lock(id);
      const moved = held === null ? null : movedTo(held, endpoint.baseUrl);
      if (moved !== null) await tx.traders.update(moved);
    }
    await tx.journal.putSetting(PORT_SETTING, endpoint.port);
  });
  return endpoint;
}

function portOf(setting: Json | null): number | null {
  return typeof setting === 'number' && Number.isInteger(setting) && setting > 0 ? setting : null;
}

/** The trader with the new address when it uses the scripted model at an old one, else null. */
function movedTo(trader: Trader, baseUrl: string): Trader | null {
  if (trader.llm === null || !trader.llm.isScripted || trader.llm.baseUrl === baseUrl) return null;
  return { ...trader, llm: { ...trader.llm, baseUrl } };
}
