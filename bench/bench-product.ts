import { createRedactor } from '@hyperoru/adapters';
import { INSTANCE_LIMITS_SETTING, type RiskLimits, type TraderId, type UserId } from '@hyperoru/domain';
import { readConfig } from '../apps/server/src/config.ts';
import { type Product, startProduct } from '../apps/server/src/product.ts';
import type { WiringOverrides } from '../apps/server/src/wiring.ts';
import { quietLog } from '../tests/setup/quiet-log.ts';
import { setUpPerson } from './people.ts';
import { instanceEnv, makeHome } from './process.ts';

const UNLIMITED = 100_000_000;

/** Where the models of a bench are said to listen; nothing does. */
export const MODEL_ORIGIN = 'http://127.0.0.1:9';

/** The whole product in this process with a database of its own, its first user, and request limits out of the way. */
export interface BenchProduct {
  readonly product: Product;
  readonly base: string;
  readonly token: string;
  close(): Promise<void>;
}

export async function startBenchProduct(overrides: WiringOverrides): Promise<BenchProduct> {
  const home = makeHome();
  const settings = readConfig({}, { ...instanceEnv(home.path), HYPERORU_PRIVATE_ENDPOINTS: MODEL_ORIGIN, PAPER_REPLAY_SPEED: '1' });
  if (!settings.ok) throw new Error(settings.problems.join(' '));
  const product = await startProduct({
    config: settings.config,
    log: quietLog,
    redactor: createRedactor(),
    webRoot: null,
    limits: { requestsPerMinute: UNLIMITED, credentialsPerMinute: UNLIMITED },
    overrides,
  });
  const base = `http://127.0.0.1:${product.port}`;
  const close = async (): Promise<void> => {
    await product.stop();
    home.remove();
  };
  return { product, base, token: await setUpPerson(base), close };
}

const ORDERS_MAX = 1_000_000;
const FAR_LIMITS: Partial<RiskLimits> = { maxOrdersPerHour: ORDERS_MAX, maxDailyLoss: null, onExternalActivity: 'ignore' };

/** Who measures orders more than anybody would: the caps stay in force, but far away. Returns the traders' owner. */
export async function liftLimits({ deps }: Product, ids: readonly TraderId[]): Promise<UserId> {
  return deps.store.transaction(async (tx) => {
    const stored = { maxTotalNotional: null, maxDailyLoss: null, maxLeverage: null, maxOrdersPerMinute: ORDERS_MAX };
    await tx.journal.putSetting(INSTANCE_LIMITS_SETTING, stored);
    let ownerId: UserId | null = null;
    for (const id of ids) {
      const trader = await tx.traders.lock(id);
      if (trader === null) throw new Error('Expected the trader to be stored.');
      ownerId = trader.ownerId;
      await tx.traders.update({ ...trader, risk: { ...trader.risk, ...FAR_LIMITS } });
    }
    if (ownerId === null) throw new Error('Expected traders.');
    return ownerId;
  });
}
