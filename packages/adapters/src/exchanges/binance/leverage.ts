import { isZero } from '@hyperoru/domain';
import { type SubmitOutcome, VenueUnavailable } from '@hyperoru/engine';
import { type BinanceApi, wordsOf } from './api.ts';
import type { Signer } from './signer.ts';
import { POSITIONS, SYMBOL_CONFIGS } from './wire.ts';

/**
 * Makes the venue report the leverage for this symbol: reads it, changes it if need be and reads it again. null when it does;
 * otherwise the outcome of an order that therefore must not leave. The margin mode stays as the account has it.
 * The leverage of an open position is never raised.
 */
export async function ensureLeverage(api: BinanceApi, signer: Signer, symbol: string, wanted: number): Promise<SubmitOutcome | null> {
  try {
    const before = await readLeverage(api, signer, symbol);
    if (before === wanted) return null;
    if (wanted > before && (await hasPosition(api, signer, symbol)))
      return refused(`The open ${symbol} position has leverage ${before}; it is not raised to ${wanted}.`);
    const answer = await api.act(signer, { method: 'POST', path: '/fapi/v1/leverage', parameters: { symbol, leverage: wanted } });
    const after = await readLeverage(api, signer, symbol);
    if (after === wanted) return null;
    const said = answer.kind === 'done' ? '' : `: ${wordsOf(answer)}`;
    return refused(`The venue reports leverage ${after} for ${symbol} instead of ${wanted}${said}.`);
  } catch (error) {
    if (!(error instanceof VenueUnavailable)) throw error;
    return { kind: 'not_sent', cause: `The leverage could not be read: ${error.message}` };
  }
}

async function readLeverage(api: BinanceApi, signer: Signer, symbol: string): Promise<number> {
  const configs = await api.read(signer, '/fapi/v1/symbolConfig', { symbol }, SYMBOL_CONFIGS);
  const config = configs.find((entry) => entry.symbol === symbol);
  if (config === undefined) throw new VenueUnavailable(`Binance tells no leverage of ${symbol}.`);
  return config.leverage;
}

async function hasPosition(api: BinanceApi, signer: Signer, symbol: string): Promise<boolean> {
  const positions = await api.read(signer, '/fapi/v3/positionRisk', { symbol }, POSITIONS);
  return positions.some((position) => position.symbol === symbol && !isZero(position.positionAmt));
}

const refused = (message: string): SubmitOutcome => ({ kind: 'rejected', code: 'leverage_not_set', message });
