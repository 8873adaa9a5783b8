import { TIMES_IN_FORCE } from '../orders/order.ts';

/** Most decisions one answer may carry. */
export const DECISIONS_MAX = 20;

/** Longest reason kept, characters; far more than a model writes, so that what it wrote is kept in full. */
export const REASON_LENGTH_MAX = 20_000;

const number = (description: string) => ({ type: ['number', 'null'], description });

/** Every field an answer may have; both documented vocabularies. Anything else makes the answer invalid. */
export const DECISION_FIELDS = {
  operation: {
    type: 'string',
    enum: ['buy', 'sell', 'close', 'hold', 'long', 'short'],
    description: 'buy opens or adds to a long, sell to a short, close reduces, hold does nothing',
  },
  symbol: { type: ['string', 'null'], description: 'one of the symbols of the prompt; required unless hold' },
  target_portion_of_balance: number('0 to 1: share of the available balance used as margin; for close: share of the position'),
  size_pct: number('0 to 100: the same in percent; give only one of the two'),
  leverage: number('1 or more; notional = margin times leverage'),
  take_profit_price: number('absolute price'),
  take_profit_pct: number('distance from the entry in percent, positive'),
  stop_loss_price: number('absolute price'),
  stop_loss_pct: number('distance from the entry in percent, positive'),
  max_price: number('never buy above'),
  min_price: number('never sell below'),
  time_in_force: { type: ['string', 'null'], enum: [...TIMES_IN_FORCE, null] },
  confidence: number('0 to 1'),
  reason: { type: 'string', description: 'why, in one or two sentences' },
  reasoning: { type: 'string', description: 'same as reason' },
} as const;

/** JSON Schema of what a model is asked for: `{"decisions":[…]}`. A single object or a bare list is accepted as well. */
export const DECISION_ANSWER_SCHEMA: Readonly<Record<string, unknown>> = Object.freeze({
  type: 'object',
  properties: {
    decisions: {
      type: 'array',
      maxItems: DECISIONS_MAX,
      items: { type: 'object', properties: DECISION_FIELDS, required: ['operation'], additionalProperties: false },
    },
  },
  required: ['decisions'],
  additionalProperties: false,
});
