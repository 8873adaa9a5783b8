import { roundDecimal, signOf, trimDecimal } from './decimal.ts';

const MINUS = '−';
const MONEY_PLACES = 2;
/** Places a price may carry: the venue's own increments are never cut below this. */
const PRICE_PLACES_MAX = 8;
const PRICE_SIGNIFICANT_PLACES = 7;

/** Groups thousands and uses the true minus sign. `text` is a plain decimal. */
export function grouped(text: string): string {
  const negative = text.startsWith('-');
  const [whole = '0', fraction] = (negative ? text.slice(1) : text).split('.');
  const head = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${negative ? MINUS : ''}${head}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** "1,234.50"; with `signed`, "+1,234.50" or "−3.20", and "0.00" without a sign. */
export function money(text: string, signed = false): string {
  const rounded = roundDecimal(text, MONEY_PLACES);
  const shown = signOf(rounded) === 0 ? grouped(rounded.replace('-', '')) : grouped(rounded);
  return signed && signOf(rounded) > 0 ? `+${shown}` : shown;
}

/** A cost that may be far below a cent keeps four places. */
export function smallMoney(text: string): string {
  return signOf(roundDecimal(text, MONEY_PLACES)) === 0 && signOf(text) !== 0 ? grouped(roundDecimal(text, 4)) : money(text);
}

/** A price or quantity as the venue states it, grouped, without trailing zeros. */
export function exact(text: string): string {
  const isLong = (text.split('.')[1]?.length ?? 0) > PRICE_PLACES_MAX;
  return grouped(trimDecimal(isLong ? roundDecimal(text, PRICE_PLACES_MAX) : text));
}

/** A computed price, such as an average or a liquidation price, to seven significant places. */
export function price(text: string): string {
  const whole = (text.split('.')[0] ?? '').replace('-', '');
  const places = Math.max(0, Math.min(PRICE_PLACES_MAX, PRICE_SIGNIFICANT_PLACES - (whole === '0' ? 0 : whole.length)));
  return grouped(text.includes('.') ? trimDecimal(roundDecimal(text, places)) : text);
}

/** A price in a column: the decimals follow from its magnitude, so that neighbours line up. */
export function columnPrice(text: string): string {
  const whole = (text.split('.')[0] ?? '').replace('-', '');
  const places = whole.length >= 4 ? 2 : whole === '0' ? 6 : 4;
  return grouped(roundDecimal(text, places));
}

/** "+1.25 %", from percent. */
export function percent(value: number, signed = true): string {
  const text = value.toFixed(2);
  const isZero = Number(text) === 0;
  return `${signed && !isZero && value > 0 ? '+' : ''}${grouped(isZero ? '0.00' : text)} %`;
}

/** "52.4 %", from a share between 0 and 1. */
export function share(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

/** A JSON number as money. */
export function moneyOf(value: number, signed = false): string {
  return money(plainDecimal(value), signed);
}

/** A JSON number as plain decimal text, never with an exponent. */
export function plainDecimal(value: number): string {
  return value.toFixed(6);
}
