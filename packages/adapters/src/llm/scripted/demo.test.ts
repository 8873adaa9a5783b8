import { parseAnswer } from '@hyperoru/domain';
import { memoryLog } from '@hyperoru/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { liquidPromptRenderer } from '../../prompts/liquid/renderer.ts';
import { systemClock } from '../../system/clock.ts';
import { openAiCompatibleModel } from '../openai-compatible/model.ts';
import { DEMO_PROMPT_MOMENTUM, DEMO_PROMPT_REVERSION } from './demo-prompts.ts';
import { type ScriptedModelServer, startScriptedModelServer } from './server.ts';

const VARIABLES = {
  market_prices: JSON.stringify([{ symbol: 'BTC', bid: '124.9', ask: '125.1', mark: '125' }]),
  kline_data: JSON.stringify({
    BTC: {
      interval: '4h',
      candles: Array.from({ length: 24 }, (_, index) => ['2024-01-01T00:00:00.000Z', '1', '1', '1', String(100 + index), '9.5']),
    },
  }),
  open_positions: '[]',
};

let server: ScriptedModelServer;
let model: ReturnType<typeof openAiCompatibleModel>;
const renderer = liquidPromptRenderer({ clock: systemClock });
beforeAll(async () => {
  server = await startScriptedModelServer({ port: 0, log: memoryLog() });
  model = openAiCompatibleModel({
    clock: systemClock,
    log: memoryLog(),
    endpointPolicy: { privateEndpoints: [new URL(server.baseUrl).origin] },
  });
});
afterAll(async () => {
  await model.close();
  await server.stop();
  await renderer.close();
});

describe('the demo without any key', () => {
  it.each([
    ['scripted-momentum', DEMO_PROMPT_MOMENTUM, 'buy'],
    ['scripted-reversion', DEMO_PROMPT_REVERSION, 'sell'],
  ])('%s decides on its rendered prompt through the same adapter as a real model', async (name, template, operation) => {
    expect(await renderer.validate(template, Object.keys(VARIABLES))).toEqual([]);
    const rendered = await renderer.render(template, VARIABLES);
    if (rendered.kind !== 'rendered') throw new Error('Expected a rendered prompt.');
    const outcome = await model.ask({
      model: name,
      baseUrl: server.baseUrl,
      apiKey: null,
      systemText: 'system',
      promptText: rendered.text,
      schemaName: 'decisions',
      schema: { type: 'object' },
      deadlineMs: 30_000,
      check: (text) => {
        const parsed = parseAnswer(text);
        return parsed.ok ? null : parsed.error.message;
      },
    });
    expect(outcome).toMatchObject({ kind: 'answer', accepted: true, exchanges: [{ promptTokens: 0, completionTokens: 0 }] });
    const parsed = parseAnswer(outcome.kind === 'answer' ? outcome.text : '');
    expect(parsed.ok && parsed.value).toMatchObject([{ operation, symbol: 'BTC', leverage: 2 }]);
  });
});
