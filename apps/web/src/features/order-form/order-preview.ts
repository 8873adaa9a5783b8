import type { MarketPrices, Position, RiskLimits } from '@hyperoru/contracts';
import { compareDecimals, divideDecimals, multiplyDecimals, shiftDecimal, sumDecimals } from '../../format/decimal.ts';
import type { OrderBody } from './order-fields.ts';

/** Places a quantity is estimated to; the exchange cuts it to its own step. */
const QUANTITY_PLACES = 5;

/** What an order would move, from the prices shown now. Amounts in the account's currency. */
export interface OrderPreview {
  /** Base units, about. */
  readonly quantity: string | null;
  /** At most; fees are part of `margin`. null for a close, and while the balance is not known. */
  readonly notional: string | null;
  readonly margin: string | null;
  /** About what is lost when the stop is hit, fees aside; null without a stop. */
  readonly lossAtStop: string | null;
  /** Limits of the trader that the order breaks as it stands; the gate would say the same. */
  readonly warnings: readonly string[];
}

interface PreviewInputs {
  /** null while the exchange has not told it. */
  readonly available: string | null;
  readonly price: MarketPrices['items'][number] | undefined;
  readonly position: Position | undefined;
  readonly risk: RiskLimits;
}

export function previewOrder(body: OrderBody, { available, price, position, risk }: PreviewInputs): OrderPreview {
  const portion = body.portion ?? '1';
  if (body.operation === 'close') {
    const quantity = position === undefined ? null : multiplyDecimals(position.quantity, portion);
    const warnings = position === undefined ? [`There is no open position in ${body.symbol}.`] : [];
    return { quantity, notional: null, margin: null, lossAtStop: null, warnings };
  }
  const leverage = body.leverage ?? 1;
  if (available === null)
    return {
      quantity: null,
      notional: null,
      margin: null,
      lossAtStop: null,
      warnings: warningsOf(body, { leverage, notional: null, position, risk }),
    };
  const margin = multiplyDecimals(available, portion);
  const notional = multiplyDecimals(margin, String(leverage));
  const at = body.limit_price ?? price?.mark;
  return {
    quantity: at === undefined ? null : divideDecimals(notional, at, QUANTITY_PLACES),
    notional,
    margin,
    lossAtStop: lossOf(body, notional, price?.mark),
    warnings: warningsOf(body, { leverage, notional, position, risk }),
  };
}

function lossOf({ stop_loss }: OrderBody, notional: string, mark: string | undefined): string | null {
  if (stop_loss === undefined) return null;
  if ('pct' in stop_loss) return shiftDecimal(multiplyDecimals(notional, stop_loss.pct), -2);
  if (mark === undefined) return null;
  const left = divideDecimals(multiplyDecimals(notional, stop_loss.price), mark, 2);
  const isBelow = compareDecimals(stop_loss.price, mark) < 0;
  return isBelow ? minus(notional, left) : minus(left, notional);
}

const minus = (a: string, b: string): string => sumDecimals([a, b.startsWith('-') ? b.slice(1) : `-${b}`]);

function warningsOf(
  body: OrderBody,
  {
    leverage,
    notional,
    position,
    risk,
  }: Pick<PreviewInputs, 'position' | 'risk'> & { readonly leverage: number; readonly notional: string | null },
): readonly string[] {
  const warnings: string[] = [];
  if (leverage > risk.max_leverage) warnings.push(`${leverage}× is above the limit of ${risk.max_leverage}×.`);
  if (notional !== null && compareDecimals(notional, risk.max_order_notional) > 0)
    warnings.push(`It is larger than the limit per order of ${risk.max_order_notional}.`);
  const isOpposite = position !== undefined && (position.side === 'long') !== (body.operation === 'buy');
  if (isOpposite) warnings.push(`The open ${position.side} in ${body.symbol} has to be closed first.`);
  return warnings;
}
