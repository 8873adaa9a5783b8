import {
  type Binding,
  type Decimal,
  type DecisionRecord,
  decimal,
  div,
  isPositive,
  mul,
  ok,
  type Run,
  round,
  sub,
  type Timestamp,
  type Trader,
  type TraderId,
  toNumber,
} from '@hyperoru/domain';
import { notFound } from '../access/not-found.ts';
import type { OwnerScope } from '../access/owner-scope.ts';
import { connectionOf, type EngineDeps } from '../deps.ts';
import type { VenueAccount } from '../ports/exchange.ts';
import type { Page, PageRequest } from '../ports/read-model.ts';
import type { UseCaseResult } from '../refusal.ts';
import { nextSlot } from '../triggers/next-slot.ts';
import { readCardRecords } from './card-records.ts';
import { readAccount } from './read-account.ts';
import { type TraderView, traderView } from './view-trader.ts';

/** Traders read at once, so that a long list does not take every connection. */
const READ_AT_ONCE = 4;
const HUNDRED = decimal('100');
const PERCENT_PLACES = 4;

/** A trader with its live figures, as a card of the dashboard shows it. Amounts in `currency`. */
export interface TraderCard extends TraderView {
  readonly currency: string;
  /** null while the venue does not answer, and without an exchange. */
  readonly equity: Decimal | null;
  /** equity − deposits and adjustments: net of fees and funding, open positions at the mark. */
  readonly pnl: Decimal | null;
  /** pnl ÷ deposits × 100. */
  readonly pnlPct: number | null;
  /** Up to 60 equity values, oldest first. */
  readonly sparkline: readonly number[];
  readonly openPositions: number;
  readonly lastRun: Run | null;
  readonly lastDecision: DecisionRecord | null;
  /** The nearest slot of its schedules; null when nothing is scheduled or it is not active. */
  readonly nextRunAt: Timestamp | null;
}

/** Currency shown before a trader has an exchange. */
export const DEFAULT_CURRENCY = 'USD';

export async function traderCard(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly traderId: TraderId },
): Promise<UseCaseResult<TraderCard>> {
  const trader = await deps.readModel.findTrader(scope, input.traderId);
  return trader === null ? notFound('trader') : ok(await buildCard(deps, scope, trader));
}

/** The caller's traders with their live figures, newest first. */
export async function listTraderCards(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly includeDeleted: boolean; readonly page: PageRequest },
): Promise<Page<TraderCard>> {
  const page = await deps.readModel.listTraders(scope, { includeDeleted: input.includeDeleted }, input.page);
  const cards: TraderCard[] = [];
  for (let from = 0; from < page.items.length; from += READ_AT_ONCE) {
    const some = page.items.slice(from, from + READ_AT_ONCE);
    cards.push(...(await Promise.all(some.map((trader) => buildCard(deps, scope, trader)))));
  }
  return { items: cards, nextCursor: page.nextCursor };
}

/** Puts one card together. The trader is the caller's: the read model found it in their scope. */
export async function buildCard(deps: EngineDeps, scope: OwnerScope, trader: Trader, account?: VenueAccount | null): Promise<TraderCard> {
  const [records, live] = await Promise.all([
    readCardRecords(deps, scope, trader),
    account === undefined ? readAccount(deps, trader) : account,
  ]);
  const { totals } = records;
  const connection = connectionOf(deps, trader);
  const equity = live?.equity ?? null;
  const pnl = equity === null ? null : sub(equity, totals.deposits);
  return {
    ...traderView(deps, trader, records),
    currency: connection?.quoteCurrency ?? DEFAULT_CURRENCY,
    equity,
    pnl,
    pnlPct: pnl === null || !isPositive(totals.deposits) ? null : toNumber(round(mul(div(pnl, totals.deposits), HUNDRED), PERCENT_PLACES)),
    sparkline: records.sparkline,
    openPositions: live?.positions.length ?? records.openPositions,
    lastRun: records.lastRun,
    lastDecision: records.lastDecision,
    nextRunAt: trader.isActive ? nextRunAt(records.bindings, deps.clock.now()) : null,
  };
}

/** The nearest slot of the enabled bindings. */
export function nextRunAt(bindings: readonly Pick<Binding, 'id' | 'enabled' | 'triggers'>[], now: Timestamp): Timestamp | null {
  const slots = bindings
    .filter((binding) => binding.enabled)
    .flatMap((binding) => binding.triggers.map((trigger) => nextSlot(trigger, now, binding.id)));
  return slots.reduce<Timestamp | null>((nearest, slot) => (nearest === null || slot < nearest ? slot : nearest), null);
}
