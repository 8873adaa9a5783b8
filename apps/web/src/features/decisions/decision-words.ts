import type { Decision, Order, TraderCard } from '@hyperoru/contracts';
import { exact, price } from '../../format/amount.ts';
import { signOf } from '../../format/decimal.ts';
import { spaced } from '../../format/words.ts';

/** A decision as a person would tell it. `tone` colours the sign in front, never the words alone. */
export interface DecisionWords {
  readonly headline: string;
  /** Protection, or why nothing was done; may be empty. */
  readonly detail: string;
  readonly because: string;
  readonly tone: 'buy' | 'sell' | 'close' | 'hold' | 'refused';
}

type DecisionOrder = Pick<Order, 'decision_id' | 'purpose' | 'state' | 'filled_quantity' | 'average_price' | 'reason'>;
type Values = NonNullable<Decision['decision']>;

const NO_REASON = 'no reason given';
const WISH = { buy: 'buy', sell: 'sell', close: 'close', hold: 'hold' } as const;
const DONE = { buy: 'Bought', sell: 'Sold' } as const;

/** Tells a decision with what became of it. `orders` may hold orders of other decisions too. */
export function tellDecision(decision: Decision, orders: readonly DecisionOrder[] = []): DecisionWords {
  const { verdict, plan } = decision;
  const values = decision.decision;
  if (values === null) {
    return { headline: 'Gave no valid decision, so nothing was done', detail: '', because: verdict.message ?? NO_REASON, tone: 'refused' };
  }
  const because = values.reason === '' ? NO_REASON : values.reason;
  if (verdict.status === 'denied' || verdict.status === 'invalid') {
    const wish = `Wanted to ${WISH[values.operation]}${ofSymbol(values)}, but was denied`;
    return { headline: wish, detail: verdict.message ?? verdict.code ?? '', because, tone: 'refused' };
  }
  if (plan === null) {
    const headline = values.operation === 'close' ? `Nothing to close${inSymbol(values)}` : `Held${inSymbol(values)}`;
    return { headline, detail: values.operation === 'hold' ? '' : (verdict.message ?? ''), because, tone: 'hold' };
  }
  return {
    ...tellPlan(
      plan,
      orders.find((order) => isMain(order, decision.id)),
    ),
    because,
  };
}

function isMain(order: DecisionOrder, decisionId: string): boolean {
  return order.decision_id === decisionId && (order.purpose === 'entry' || order.purpose === 'close');
}

function tellPlan(plan: NonNullable<Decision['plan']>, order: DecisionOrder | undefined): Omit<DecisionWords, 'because'> {
  const tone = plan.kind === 'exit' ? 'close' : plan.side;
  const isFilled = order !== undefined && signOf(order.filled_quantity) > 0;
  if (isFilled) {
    const verb = plan.kind === 'exit' ? 'Closed' : DONE[plan.side];
    const at = order.average_price ?? plan.reference_price;
    return { headline: `${verb} ${exact(order.filled_quantity)} ${plan.symbol} at ${price(at)}`, detail: protection(plan), tone };
  }
  const what = `${plan.kind === 'exit' ? 'close' : plan.side} ${exact(plan.quantity)} ${plan.symbol}`;
  if (order === undefined)
    return { headline: `Decided to ${what} at about ${exact(plan.reference_price)}`, detail: protection(plan), tone };
  if (ENDED_EMPTY.has(order.state)) {
    const why = order.reason === null ? '' : `: ${order.reason}`;
    return {
      headline: `Tried to ${what} at ${exact(plan.limit_price)} or better`,
      detail: `the order was ${spaced(order.state)}${why}`,
      tone: 'refused',
    };
  }
  return { headline: `Ordered to ${what} at ${exact(plan.limit_price)} or better`, detail: protection(plan), tone };
}

const ENDED_EMPTY: ReadonlySet<string> = new Set(['canceled', 'expired', 'rejected', 'dropped', 'absent']);

function protection(plan: NonNullable<Decision['plan']>): string {
  const parts: string[] = [];
  if (plan.stop_loss_price !== null) parts.push(`stop ${exact(plan.stop_loss_price)}`);
  if (plan.take_profit_price !== null) parts.push(`take profit ${exact(plan.take_profit_price)}`);
  return parts.join(', ');
}

function ofSymbol(values: Values): string {
  return values.symbol === null ? '' : ` ${values.symbol}`;
}

function inSymbol(values: Values): string {
  return values.symbol === null ? '' : ` ${values.symbol}`;
}

/** The short form of a card: without prices. */
export function tellSummary(summary: NonNullable<TraderCard['last_decision']>): string {
  const symbol = summary.symbol ?? '';
  if (summary.operation === null) return 'Gave no valid decision';
  if (summary.verdict === 'denied' || summary.verdict === 'invalid') return `Wanted to ${WISH[summary.operation]} ${symbol}, denied`;
  if (summary.operation === 'hold' || summary.verdict === 'held') return `Held ${symbol}`.trim();
  return summary.operation === 'close' ? `Closed ${symbol}` : `${DONE[summary.operation]} ${symbol}`;
}
