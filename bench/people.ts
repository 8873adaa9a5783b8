import { callApi, textField } from '../tools/fresh/api-client.ts';
import { SETUP_TOKEN } from './process.ts';

const PERSON = { username: 'bench', password: 'only for one measurement 1' };
const PROMPT = 'Latest prices:\n{{market_prices}}\n\nClosed candles:\n{{kline_data}}\n\nOpen positions:\n{{open_positions}}\n\nDecide.';
/** Traders that are set up at the same time. */
const PARALLEL = 8;

/** The first user of a fresh instance; returns a session token. */
export async function setUpPerson(base: string): Promise<string> {
  await callApi(`${base}/api/setup`, { method: 'POST', body: { ...PERSON, setup_token: SETUP_TOKEN } });
  return textField(await callApi(`${base}/api/users/login`, { method: 'POST', body: PERSON }), 'session_token');
}

export interface BenchTrader {
  readonly traderId: string;
  readonly bindingId: string;
}

/** `count` active paper traders on one prompt, each with a model name of its own, optionally on a schedule. */
export async function createTraders(
  base: string,
  token: string,
  options: {
    readonly count: number;
    readonly model: (index: number) => string;
    readonly baseUrl: string;
    readonly intervalSeconds: number | null;
  },
): Promise<readonly BenchTrader[]> {
  const post = (path: string, body: unknown, method = 'POST'): Promise<unknown> => callApi(`${base}${path}`, { method, token, body });
  const promptId = textField(await post('/api/prompts', { name: 'Bench', content: PROMPT }), 'id');
  const triggers = options.intervalSeconds === null ? [] : [{ type: 'schedule', interval_seconds: options.intervalSeconds }];
  const create = async (index: number): Promise<BenchTrader> => {
    const traderId = textField(await post('/api/traders', { name: `Bench ${index}` }), 'id');
    await post(`/api/traders/${traderId}/llm`, { model: options.model(index), base_url: options.baseUrl }, 'PUT');
    await post(`/api/traders/${traderId}/exchange`, { exchange: 'paper', environment: 'paper' }, 'PUT');
    const binding = await post(`/api/traders/${traderId}/bindings`, { prompt_id: promptId, symbols: ['BTC'], triggers });
    await post(`/api/traders/${traderId}/status`, { active: true }, 'PUT');
    return { traderId, bindingId: textField(binding, 'id') };
  };
  const traders: BenchTrader[] = [];
  for (let first = 0; first < options.count; first += PARALLEL) {
    const indexes = Array.from({ length: Math.min(PARALLEL, options.count - first) }, (_, offset) => first + offset);
    traders.push(...(await Promise.all(indexes.map(create))));
  }
  return traders;
}
