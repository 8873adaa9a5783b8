import type { Decimal } from '../money/decimal.ts';

/** Our name of a tradable perpetual, upper case, as in `BTC`. */
export type Symbol = string & { readonly __tag: 'Symbol' };

const SYMBOL = /^[A-Z0-9]{1,20}$/;
export const isSymbol = (text: string): boolean => SYMBOL.test(text);
/** Throws RangeError unless the text is 1–20 upper-case letters or digits. */
export function symbol(text: string): Symbol {
  if (!isSymbol(text)) throw new RangeError(`Expected an upper-case symbol, was "${text.slice(0, 40)}".`);
  return text as Symbol;
}

/** The venue's rules for one perpetual. Quantities in base units, prices in quote currency per base unit. */
export interface Instrument {
  readonly symbol: Symbol;
  readonly quoteCurrency: string;
  readonly priceIncrement: Decimal;
  readonly sizeIncrement: Decimal;
  readonly quantityMin: Decimal;
  /** Smallest price × quantity of an order that opens or increases a position. */
  readonly notionalMin: Decimal;
  readonly leverageMax: number;
  /** Share of notional below which a position is liquidated, e.g. 0.005. */
  readonly maintenanceMarginRate: Decimal;
  readonly takerFeeRate: Decimal;
  readonly makerFeeRate: Decimal;
}
