import type { LanguageModelPort, ModelErrorCode, ModelExchange, ModelOutcome, ModelRequest } from '@hyperoru/engine';

/** One thing the model does when it is asked. */
export type Reply = (request: ModelRequest) => Promise<ModelOutcome> | ModelOutcome;

const exchange = (change: Partial<ModelExchange>): ModelExchange => ({
  rung: 'json_schema',
  rawRequest: '{}',
  rawAnswer: null,
  answerText: null,
  reasoning: null,
  promptTokens: 100,
  completionTokens: 20,
  latencyMs: 5,
  errorCode: null,
  ...change,
});

/** The model answers this text, whatever it is asked. */
export const text =
  (answer: string): Reply =>
  (request) => ({
    kind: 'answer',
    text: answer,
    accepted: request.check(answer) === null,
    exchanges: [exchange({ rawAnswer: answer, answerText: answer })],
  });

/** The model wants these decisions. */
export const wants = (...decisions: readonly object[]): Reply => text(JSON.stringify({ decisions }));

/** Buys BTC with a tenth of the balance: 0.04 at 50,000; stop-loss at 49,000, take-profit at 52,000. */
export const buy = {
  operation: 'buy',
  symbol: 'BTC',
  target_portion_of_balance: 0.1,
  leverage: 2,
  stop_loss_price: 49000,
  take_profit_price: 52000,
  reason: 'up',
} as const;

/** Asking the model fails. */
export const fails =
  (code: ModelErrorCode): Reply =>
  () => ({ kind: 'error', code, message: `The model failed: ${code}.`, exchanges: [exchange({ errorCode: code })] });

/** A model per name that gives its replies one after the other, and holds when it has none left. */
export class ScriptedModel implements LanguageModelPort {
  readonly #replies = new Map<string, Reply[]>();
  readonly asked: ModelRequest[] = [];

  will(model: string, ...replies: readonly Reply[]): void {
    this.#replies.set(model, [...(this.#replies.get(model) ?? []), ...replies]);
  }

  async ask(request: ModelRequest): Promise<ModelOutcome> {
    this.asked.push(request);
    const reply = this.#replies.get(request.model)?.shift() ?? wants({ operation: 'hold', reason: 'nothing to do' });
    return reply(request);
  }
}
