import type { ScriptedModel } from './models.ts';
import type { PositionFact, PromptFacts } from './prompt-reading.ts';

/** One decision in the vocabulary that real models are asked for. Percentages are of the entry price. */
export interface ScriptedDecision {
  readonly operation: 'buy' | 'sell' | 'close' | 'hold';
  readonly symbol: string;
  readonly target_portion_of_balance?: number;
  readonly leverage?: number;
  readonly take_profit_pct?: number;
  readonly stop_loss_pct?: number;
  readonly confidence: number;
  readonly reason: string;
}

const LEVERAGE = 2;
/** Candle closes in the slow average; fewer than this and the rule holds. */
const WINDOW = 20;
const FAST_WINDOW = 5;
/** The fast average must leave the slow one by this share of the price before momentum acts. */
const MOMENTUM_BAND = 0.001;
/** Distance from the mean, in standard deviations, at which reversion enters and at which it is content. */
const REVERSION_ENTRY = 0.9;
const REVERSION_EXIT = 0.25;

/** Answers of one rule: one decision per priced symbol, the same for the same facts. Not advice, and not a model: a rule of a few lines. */
export function decide(model: ScriptedModel, facts: PromptFacts): readonly ScriptedDecision[] {
  return facts.prices.map(({ symbol, mark }) => {
    const closes = [...(facts.closes.get(symbol) ?? []), mark];
    const position = facts.positions.find((one) => one.symbol === symbol);
    if (closes.length < WINDOW) return hold(symbol, `only ${closes.length} prices are known, ${WINDOW} are needed.`);
    const window = closes.slice(-WINDOW);
    return model === 'scripted-momentum' ? momentum(symbol, window, position) : reversion(symbol, window, mark, position);
  });
}

function momentum(symbol: string, window: readonly number[], position: PositionFact | undefined): ScriptedDecision {
  const slow = mean(window);
  const gap = mean(window.slice(-FAST_WINDOW)) / slow - 1;
  const seen = `the mean of ${FAST_WINDOW} closes is ${percent(gap)} from the mean of ${WINDOW}`;
  if (position !== undefined) {
    const isAgainst = position.side === 'long' ? gap < 0 : gap > 0;
    return isAgainst
      ? close(symbol, `${seen}, against the open ${position.side}.`)
      : hold(symbol, `${seen}, still with the open ${position.side}.`);
  }
  if (Math.abs(gap) < MOMENTUM_BAND) return hold(symbol, `${seen}, too little to act on.`);
  return open(
    gap > 0 ? 'buy' : 'sell',
    symbol,
    { portion: 0.15, takeProfitPct: 4, stopLossPct: 2, confidence: Math.abs(gap) * 20 },
    `${seen}.`,
  );
}

function reversion(symbol: string, window: readonly number[], mark: number, position: PositionFact | undefined): ScriptedDecision {
  const deviation = Math.sqrt(mean(window.map((value) => (value - mean(window)) ** 2)));
  const score = deviation === 0 ? 0 : (mark - mean(window)) / deviation;
  const seen = `the price is ${signed(score)} standard deviations from its mean of ${WINDOW}`;
  if (position !== undefined) {
    const isBack = position.side === 'long' ? score > -REVERSION_EXIT : score < REVERSION_EXIT;
    return isBack
      ? close(symbol, `${seen}, back where the ${position.side} aimed.`)
      : hold(symbol, `${seen}, the ${position.side} waits for the mean.`);
  }
  if (Math.abs(score) < REVERSION_ENTRY) return hold(symbol, `${seen}, near enough to the mean.`);
  return open(
    score < 0 ? 'buy' : 'sell',
    symbol,
    { portion: 0.1, takeProfitPct: 2, stopLossPct: 1.5, confidence: Math.abs(score) / 3 },
    `${seen}.`,
  );
}

function open(
  operation: 'buy' | 'sell',
  symbol: string,
  size: { readonly portion: number; readonly takeProfitPct: number; readonly stopLossPct: number; readonly confidence: number },
  seen: string,
): ScriptedDecision {
  return {
    operation,
    symbol,
    target_portion_of_balance: size.portion,
    leverage: LEVERAGE,
    take_profit_pct: size.takeProfitPct,
    stop_loss_pct: size.stopLossPct,
    confidence: Math.round(Math.min(0.9, 0.4 + size.confidence) * 100) / 100,
    reason: scripted(seen),
  };
}

const close = (symbol: string, seen: string): ScriptedDecision => ({
  operation: 'close',
  symbol,
  target_portion_of_balance: 1,
  confidence: 0.6,
  reason: scripted(seen),
});
const hold = (symbol: string, seen: string): ScriptedDecision => ({ operation: 'hold', symbol, confidence: 0.5, reason: scripted(seen) });

/** Every reason says what it is, wherever it is shown. */
const scripted = (seen: string): string => `Scripted rule: ${seen}`;
const mean = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0) / values.length;
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
const percent = (share: number): string => `${signed(share * 100)} %`;
