import { type Decimal, ok, type TraderId } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import { VenueUnavailable } from '../ports/exchange.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { readOwnTrader } from './own-trader.ts';

export interface ExchangeTestResult {
  readonly success: boolean;
  readonly message: string;
  readonly balance: Decimal | null;
  readonly currency: string;
}

/** Reads the account at the venue. A venue that does not answer is a result, not a refusal; without an exchange `trader_not_ready`. */
export async function testExchange(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly traderId: TraderId },
): Promise<UseCaseResult<ExchangeTestResult>> {
  const own = await deps.store.transaction((tx) => readOwnTrader(tx, scope, input.traderId));
  if (!own.ok) return own;
  const { exchange, id } = own.value;
  const connection = exchange === null ? null : deps.venue(exchange.venue, exchange.environment);
  if (exchange === null || connection === null) {
    const message = 'There is no exchange to test. Set one with PUT /api/traders/{id}/exchange.';
    return refuse('trader_not_ready', message, [{ field: 'exchange', message: 'Missing.' }]);
  }
  const currency = connection.quoteCurrency;
  try {
    const { balance } = await connection.exchange.account(id);
    return ok({ success: true, message: `The ${exchange.venue} account answers.`, balance, currency });
  } catch (error) {
    if (!(error instanceof VenueUnavailable)) throw error;
    return ok({ success: false, message: `The ${exchange.venue} account does not answer: ${error.message}`, balance: null, currency });
  }
}
