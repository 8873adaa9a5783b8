import { ok, type Symbol, type Trader } from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';

/** The venue whose symbols and prices count for a trader; before it has an exchange, and without a trader, paper. */
export function connectionOf(deps: Pick<EngineDeps, 'venue'>, trader: Trader | null): VenueConnection | null {
  return deps.venue(trader?.exchange?.venue ?? 'paper', trader?.exchange?.environment ?? 'paper');
}

/** Refuses symbols that the trader's venue does not list (`unknown_symbol`) or that are named twice (`invalid_request`). */
export function checkSymbols(deps: Pick<EngineDeps, 'venue'>, trader: Trader | null, symbols: readonly Symbol[]): UseCaseResult<null> {
  const twice = symbols.filter((symbol, index) => symbols.indexOf(symbol) !== index);
  if (twice.length > 0) {
    return refuse('invalid_request', `symbols names ${twice.join(', ')} twice. Name each symbol once.`, [
      { field: 'symbols', message: 'Expected each symbol once.' },
    ]);
  }
  const connection = connectionOf(deps, trader);
  if (connection === null) return ok(null);
  const unknown = symbols.flatMap((symbol, index) => (connection.market.instrument(symbol) === null ? [{ symbol, index }] : []));
  if (unknown.length === 0) return ok(null);
  const names = unknown.map(({ symbol }) => symbol).join(', ');
  return refuse(
    'unknown_symbol',
    `The exchange does not list ${names}. Use symbols from GET /api/market/prices.`,
    unknown.map(({ symbol, index }) => ({ field: `symbols.${index}`, message: `Unknown symbol ${symbol}.` })),
  );
}
