import { parseAnswer } from '@hyperoru/domain';
import { memoryLog } from '@hyperoru/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PROMPT_MOMENTUM, DEMO_PROMPT_REVERSION } from './demo-prompts.ts';
import { type ScriptedModelServer, startScriptedModelServer } from './server.ts';

let server: ScriptedModelServer;
beforeAll(async () => {
  server = await startScriptedModelServer({ port: 0, log: memoryLog() });
});
afterAll(() => server.stop());

const post = (body: unknown) =>
  fetch(`${server.baseUrl}/chat/completions`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });

interface Body {
  readonly data: readonly unknown[];
  readonly error: { readonly message: string };
  readonly choices: readonly { readonly message: { readonly content: string } }[];
}
const asBody = (value: unknown) => value as Body;

const candles = (closes: readonly number[]) =>
  closes.map((close, index) => [
    `2026-01-01T${String(index % 24).padStart(2, '0')}:00:00Z`,
    String(close),
    String(close),
    String(close),
    String(close),
    '1',
  ]);

const rendered = (template: string, mark: number, closes: readonly number[], positions: unknown = []) =>
  template
    .replace('{{market_prices}}', JSON.stringify([{ symbol: 'BTC', bid: String(mark), ask: String(mark), mark: String(mark) }]))
    .replace('{{kline_data}}', JSON.stringify({ BTC: { interval: '4h', candles: candles(closes) } }))
    .replace('{{open_positions}}', JSON.stringify(positions));

async function decisions(model: string, prompt: string) {
  const response = await post({
    model,
    messages: [
      { role: 'system', content: 's' },
      { role: 'user', content: prompt },
    ],
  });
  expect(response.status).toBe(200);
  const body = asBody(await response.json());
  const answer = body.choices[0]?.message.content ?? 'null';
  expect(parseAnswer(answer)).toMatchObject({ ok: true });
  return JSON.parse(answer);
}

const flat = Array.from({ length: 20 }, () => 100);
const rising = Array.from({ length: 20 }, (_, index) => 100 + index);
const falling = [...rising].reverse();
const long = [{ symbol: 'BTC', side: 'long', quantity: '1', entry_price: '100', unrealized_pnl: '0', age_minutes: 5 }];

describe('startScriptedModelServer', () => {
  it('says in its list of models that they are scripted', async () => {
    const body = asBody(await (await fetch(`${server.baseUrl}/models`)).json());
    expect(body.data).toMatchObject([
      { id: 'scripted-momentum', owned_by: 'hyperoru-scripted' },
      { id: 'scripted-reversion', owned_by: 'hyperoru-scripted' },
    ]);
  });

  it.each([
    ['scripted-momentum', 'rising prices', 'buy', rising, 121, []],
    ['scripted-momentum', 'falling prices', 'sell', falling, 99, []],
    ['scripted-momentum', 'flat prices', 'hold', flat, 100, []],
    ['scripted-momentum', 'a long in rising prices', 'hold', rising, 121, long],
    ['scripted-momentum', 'a long in falling prices', 'close', falling, 99, long],
    ['scripted-momentum', 'too few candles', 'hold', rising.slice(0, 18), 121, []],
    ['scripted-reversion', 'a price far above its mean', 'sell', flat, 110, []],
    ['scripted-reversion', 'a price far below its mean', 'buy', flat, 90, []],
    ['scripted-reversion', 'flat prices', 'hold', flat, 100, []],
    ['scripted-reversion', 'a long still below the mean', 'hold', flat, 90, long],
    ['scripted-reversion', 'a long back at the mean', 'close', [...flat.slice(1), 90], 101, long],
  ])('%s on %s answers %s', async (model, _situation, operation, closes, mark, positions) => {
    const template = model === 'scripted-momentum' ? DEMO_PROMPT_MOMENTUM : DEMO_PROMPT_REVERSION;
    const answer = await decisions(model, rendered(template, mark, closes, positions));
    expect(answer.decisions).toHaveLength(1);
    expect(answer.decisions[0]).toMatchObject({ operation, symbol: 'BTC', reason: expect.stringMatching(/^Scripted rule: /) });
    if (operation === 'buy' || operation === 'sell') {
      expect(answer.decisions[0]).toMatchObject({ leverage: 2, take_profit_pct: expect.any(Number), stop_loss_pct: expect.any(Number) });
      expect(answer.decisions[0].target_portion_of_balance).toBeGreaterThanOrEqual(0.1);
      expect(answer.decisions[0].target_portion_of_balance).toBeLessThanOrEqual(0.2);
    }
  });

  it('gives the same answer to the same prompt', async () => {
    const prompt = rendered(DEMO_PROMPT_MOMENTUM, 121, rising);
    expect(await decisions('scripted-momentum', prompt)).toEqual(await decisions('scripted-momentum', prompt));
  });

  it('holds and says why when the prompt shows no prices, or only broken ones', async () => {
    for (const prompt of ['Hello', '[[[[{"a":', 'prices: [{"symbol":"BTC","mark":"none"}]'])
      expect(await decisions('scripted-reversion', prompt)).toMatchObject({
        operation: 'hold',
        reason: expect.stringContaining('{{market_prices}}'),
      });
  });

  it.each([
    ['an unknown model', 404, { model: 'gpt-4o', messages: [{ role: 'user', content: 'x' }] }],
    ['a stream', 400, { model: 'scripted-momentum', messages: [{ role: 'user', content: 'x' }], stream: true }],
    ['no messages', 400, { model: 'scripted-momentum', messages: [] }],
    ['broken JSON', 400, '{'],
    ['a huge request', 413, 'x'.repeat(1_048_577)],
  ])('refuses %s with status %i and a sentence', async (_name, status, body) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    expect(asBody(await response.json()).error.message).toMatch(/\.$/);
  });

  it('stays quick on a prompt of nothing but brackets', async () => {
    const message = await decisions('scripted-momentum', '['.repeat(900_000));
    expect(message.operation).toBe('hold');
  });

  it('answers 404 elsewhere', async () => {
    expect((await fetch(`${server.baseUrl}/nowhere`)).status).toBe(404);
  });

  it('rejects when the port is taken', async () => {
    await expect(startScriptedModelServer({ port: server.port, log: memoryLog() })).rejects.toThrow('EADDRINUSE');
  });
});
