import {
  type Decimal,
  decimal,
  type Environment,
  isZero,
  type LedgerEntry,
  ok,
  sub,
  type Trader,
  type TraderId,
  type Venue,
  ZERO,
} from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import type { StoreTx } from '../ports/store.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { lockOwnTrader, readOwnTrader } from './own-trader.ts';
import { setUpLane } from './set-up-lane.ts';
import { storeTrader } from './store-trader.ts';
import { type TraderView, viewTrader } from './view-trader.ts';

export interface ExchangeInput {
  readonly traderId: TraderId;
  readonly venue: Venue;
  readonly environment: Environment;
  readonly credentials?: Readonly<Record<string, string>> | undefined;
}

/**
 * Opens the trader's account at a venue and books its first deposit. This version offers paper (`venue_unavailable`
 * otherwise). Another exchange than before needs a flat trader (`position_open`). Doing it twice changes nothing.
 */
export async function setExchange(deps: EngineDeps, scope: OwnerScope, input: ExchangeInput): Promise<UseCaseResult<TraderView>> {
  const chosen = chooseVenue(deps, input);
  if (!chosen.ok) return chosen;
  const connection = chosen.value;
  return deps.mutex(setUpLane(input.traderId), async (): Promise<UseCaseResult<TraderView>> => {
    const before = await deps.store.transaction(async (tx) => {
      const own = await readOwnTrader(tx, scope, input.traderId);
      return own.ok ? checkFlat(tx, own.value, input) : own;
    });
    if (!before.ok) return before;
    await connection.exchange.openAccount(input.traderId, { startBalance: decimal(connection.startBalance) });
    const { balance } = await connection.exchange.account(input.traderId);
    return deps.store.transaction(async (tx): Promise<UseCaseResult<TraderView>> => {
      const own = await lockOwnTrader(tx, scope, input.traderId);
      if (!own.ok) return own;
      const trader = own.value;
      if (isSame(trader, input)) return ok(await viewTrader(tx, deps, trader));
      const next: Trader = { ...trader, exchange: { venue: input.venue, environment: input.environment } };
      await bookStart(tx, deps, next, input, balance);
      const detail = { exchange: input.venue, environment: input.environment, balance };
      await storeTrader(tx, deps, scope, next, { action: 'trader.exchange_set', detail });
      return ok(await viewTrader(tx, deps, next));
    });
  });
}

function chooseVenue(deps: EngineDeps, input: ExchangeInput): UseCaseResult<VenueConnection> {
  if (input.venue !== 'paper') {
    const message = `This version trades on paper only; ${input.venue} is not offered yet. Send exchange "paper".`;
    return refuse('venue_unavailable', message, [{ field: 'exchange', message: 'Expected "paper".' }]);
  }
  if (input.environment !== 'paper') {
    const message = 'The paper exchange has one environment. Send environment "paper".';
    return refuse('venue_unavailable', message, [{ field: 'environment', message: 'Expected "paper".' }]);
  }
  if (input.credentials !== undefined && Object.keys(input.credentials).length > 0) {
    const message = 'The paper exchange takes no credentials; none were stored. Leave credentials out.';
    return refuse('invalid_request', message, [{ field: 'credentials', message: 'Expected nothing for paper.' }]);
  }
  const connection = deps.venue(input.venue, input.environment);
  if (connection === null)
    return refuse('venue_unavailable', 'The paper exchange is switched off in this configuration. Ask the operator.');
  return ok(connection);
}

const isSame = (trader: Trader, input: ExchangeInput): boolean =>
  trader.exchange?.venue === input.venue && trader.exchange.environment === input.environment;

async function checkFlat(tx: StoreTx, trader: Trader, input: ExchangeInput): Promise<UseCaseResult<null>> {
  if (trader.exchange === null || isSame(trader, input)) return ok(null);
  const open = await tx.portfolio.listOpenPositions(trader.id);
  if (open.length === 0) return ok(null);
  const symbols = open.map((position) => position.symbol).join(', ');
  return refuse('position_open', `"${trader.name}" holds open positions (${symbols}). Close them before you change the exchange.`);
}

/** The first account brings a deposit. A later one may hold another balance than the books: the difference is booked as what it is. */
async function bookStart(tx: StoreTx, deps: EngineDeps, trader: Trader, input: ExchangeInput, balance: Decimal): Promise<void> {
  const at = deps.clock.now();
  const booked = decimal(await tx.portfolio.balance(trader.id));
  const amount = sub(balance, booked);
  const base = { traderId: trader.id, amount, symbol: null, fillId: null, positionId: null, at } as const;
  const first: LedgerEntry = { ...base, id: deps.ids.derived('deposit', trader.id, input.venue, input.environment), kind: 'deposit' };
  const isFirst = await tx.portfolio.insertLedgerEntry(first);
  if (!isFirst && !isZero(amount)) {
    await tx.portfolio.insertLedgerEntry({ ...base, id: deps.ids.derived('reopened', trader.id, String(at)), kind: 'adjustment' });
  }
  await tx.portfolio.insertEquityPoints([{ traderId: trader.id, at, equity: balance, balance, unrealizedPnl: ZERO }]);
}
