import { OrderCreateBody } from '@hyperoru/contracts';
import type { z } from 'zod';
import { shiftDecimal } from '../../format/decimal.ts';

export type OrderBody = z.infer<typeof OrderCreateBody>;
export type OrderKind = 'market' | 'limit_rest' | 'limit_maker' | 'limit_now' | 'limit_all';
export type LevelUnit = 'pct' | 'price';

/** An order as the form holds it: text, where an empty field means that it is left out. */
export interface OrderFields {
  readonly operation: 'buy' | 'sell' | 'close';
  readonly symbol: string;
  readonly kind: OrderKind;
  readonly limit_price: string;
  /** In percent: of the available balance, as margin; for a close of the position. */
  readonly portion: string;
  readonly leverage: string;
  readonly stop_loss: string;
  readonly stop_unit: LevelUnit;
  readonly take_profit: string;
  readonly target_unit: LevelUnit;
  readonly reason: string;
}

/** How an order asks to be executed, in a person's words. */
export const ORDER_KINDS: readonly { readonly value: OrderKind; readonly label: string }[] = [
  { value: 'market', label: 'At market' },
  { value: 'limit_rest', label: 'Limit, rests until it is filled' },
  { value: 'limit_maker', label: 'Limit, rests or is refused' },
  { value: 'limit_now', label: 'Limit, at once, the rest canceled' },
  { value: 'limit_all', label: 'Limit, at once and in full, or not' },
];
const TIME_IN_FORCE = { market: 'ioc', limit_rest: 'gtc', limit_maker: 'post_only', limit_now: 'ioc', limit_all: 'fok' } as const;

export const EMPTY_ORDER: OrderFields = {
  operation: 'buy',
  symbol: '',
  kind: 'market',
  limit_price: '',
  portion: '10',
  leverage: '1',
  stop_loss: '',
  stop_unit: 'pct',
  take_profit: '',
  target_unit: 'pct',
  reason: '',
};

type Checked = { readonly body: OrderBody } | { readonly problems: ReadonlyMap<string, string> };

/** What is sent, checked by the same schema as the server's; or the first problem of each field. */
export function toOrderBody(
  fields: OrderFields,
  { traderId, isStopRequired }: { readonly traderId: string; readonly isStopRequired: boolean },
): Checked {
  const isEntry = fields.operation !== 'close';
  const parsed = OrderCreateBody.safeParse({
    trader_id: traderId,
    operation: fields.operation,
    symbol: fields.symbol,
    portion: percentToShare(fields.portion.trim()),
    reason: fields.reason,
    ...(isEntry ? entryPart(fields) : {}),
  });
  const problems = new Map(parsed.error?.issues.toReversed().map((issue) => [String(issue.path[0]), issue.message]));
  if (fields.symbol === '') problems.set('symbol', 'Choose a symbol.');
  if (isEntry && fields.kind !== 'market' && fields.limit_price.trim() === '')
    problems.set('limit_price', 'A limit order needs its price.');
  if (isEntry && isStopRequired && fields.stop_loss.trim() === '') problems.set('stop_loss', 'This trader enters with a stop-loss only.');
  return parsed.success && problems.size === 0 ? { body: parsed.data } : { problems };
}

function entryPart(fields: OrderFields) {
  return {
    leverage: fields.leverage.trim() === '' ? undefined : Number(fields.leverage),
    limit_price: fields.kind === 'market' ? undefined : emptyToLeftOut(fields.limit_price),
    time_in_force: TIME_IN_FORCE[fields.kind],
    stop_loss: levelOf(fields.stop_loss, fields.stop_unit),
    take_profit: levelOf(fields.take_profit, fields.target_unit),
  };
}

const emptyToLeftOut = (text: string): string | undefined => (text.trim() === '' ? undefined : text.trim());

const levelOf = (text: string, unit: LevelUnit) => (text.trim() === '' ? undefined : { [unit]: text.trim() });

/** What is no number stays as it is, for the schema to complain about. */
const percentToShare = (text: string): string => (/^\d+(\.\d+)?$/.test(text) ? shiftDecimal(text, -2) : text);
