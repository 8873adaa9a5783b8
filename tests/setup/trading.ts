import type { ApiAnswer, ApiClient } from './api-client.ts';
import type { TestServer } from './server.ts';

/** The founding page's set-up, finished: trader, model, paper, prompt, binding. */
export interface ReadyTrader {
  readonly traderId: string;
  readonly promptId: string;
  readonly bindingId: string;
}

/** Walks the documented set-up over the API. The trader is paused and has no schedule. */
export async function createReadyTrader(
  server: TestServer,
  client: ApiClient,
  options: { readonly name?: string; readonly model?: string; readonly content?: string } = {},
): Promise<ReadyTrader> {
  const trader = expectStatus(201, await client.post('/api/traders', { name: options.name ?? 'Ada one' }));
  const path = `/api/traders/${trader.body.id}`;
  expectStatus(200, await client.put(`${path}/llm`, { model: options.model ?? 'test-model', base_url: server.model.baseUrl }));
  expectStatus(200, await client.put(`${path}/exchange`, { exchange: 'paper', environment: 'paper' }));
  const prompt = expectStatus(
    201,
    await client.post('/api/prompts', { name: 'Prompt', content: options.content ?? 'Prices: {market_prices}' }),
  );
  const body = { prompt_id: prompt.body.id, symbols: ['BTC'] };
  const binding = expectStatus(201, await client.post(`${path}/bindings`, body));
  return { traderId: trader.body.id, promptId: prompt.body.id, bindingId: binding.body.id };
}

/** Wakes the binding once and waits until its run has ended. Answers the run. */
export async function runOnce(client: ApiClient, bindingId: string, eventId?: string): Promise<ApiAnswer> {
  const fired = expectStatus(
    202,
    await client.post(`/api/bindings/${bindingId}/trigger`, eventId === undefined ? {} : { event_id: eventId }),
  );
  return until(
    () => client.get(`/api/runs/${fired.body.run_id}`),
    (answer) => answer.body.state === 'finished',
  );
}

/** A model's answer that buys with a stop, sized well within the limits. */
export const BUY_ANSWER = JSON.stringify({
  operation: 'buy',
  symbol: 'BTC',
  target_portion_of_balance: 0.1,
  leverage: 2,
  stop_loss_pct: 2,
  take_profit_pct: 4,
  reason: 'The price rises.',
});
export const CLOSE_ANSWER = JSON.stringify({ operation: 'close', symbol: 'BTC', target_portion_of_balance: 1, reason: 'Enough.' });

const WAIT_MS_MAX = 10_000;
const POLL_MS = 20;

/** Asks until the answer is as wanted; the wait is bounded, the time is never asserted. */
export async function until<T>(ask: () => Promise<T>, isDone: (value: T) => boolean): Promise<T> {
  const giveUpAt = performance.now() + WAIT_MS_MAX;
  for (;;) {
    const value = await ask();
    if (isDone(value)) return value;
    if (performance.now() > giveUpAt)
      throw new Error(`Expected another answer within ${WAIT_MS_MAX} ms, last was ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

export function expectStatus(status: number, answer: ApiAnswer): ApiAnswer {
  if (answer.status !== status) throw new Error(`Expected ${status}, was ${answer.status} ${answer.text}`);
  return answer;
}
