import { CAMPAIGN_PROMPT } from './campaign-model.ts';
import { call } from './instance.ts';

export const SETUP_TOKEN = 'campaign-setup-token';
const PASSWORD = 'campaign-password';
/** Far apart, so that only the campaign fires triggers. */
const INTERVAL_SECONDS = 86_400;

/** A trader of the campaign and the binding that wakes it. */
export interface CampaignTrader {
  readonly traderId: string;
  readonly bindingId: string;
}

/** Creates the first user; returns its session token. */
export async function setUp(url: string): Promise<string> {
  const body = { setup_token: SETUP_TOKEN, username: 'campaign', password: PASSWORD };
  return (await call<{ session_token: string }>(`${url}/api/setup`, { method: 'POST', body })).session_token;
}

/** Traders on paper that may trade all day, as a person sets them up. */
export async function addTraders(url: string, token: string, modelOrigin: string, count: number): Promise<readonly CampaignTrader[]> {
  await call(`${url}/api/users/step-up`, { method: 'POST', token, body: { password: PASSWORD } });
  const prompt = await call<{ id: string }>(`${url}/api/prompts`, {
    method: 'POST',
    token,
    body: { name: 'Campaign', content: CAMPAIGN_PROMPT },
  });
  const traders: CampaignTrader[] = [];
  for (let index = 0; index < count; index++) traders.push(await addTrader(url, token, { modelOrigin, promptId: prompt.id, index }));
  return traders;
}

async function addTrader(
  url: string,
  token: string,
  { modelOrigin, promptId, index }: { readonly modelOrigin: string; readonly promptId: string; readonly index: number },
): Promise<CampaignTrader> {
  const put = (path: string, body: unknown) => call(`${url}/api/traders/${trader.id}/${path}`, { method: 'PUT', token, body });
  const body = { name: `Campaign ${index}`, description: '' };
  const trader = await call<{ id: string }>(`${url}/api/traders`, { method: 'POST', token, body });
  await put('llm', { model: 'campaign', base_url: `${modelOrigin}/v1` });
  await put('exchange', { exchange: 'paper', environment: 'paper' });
  await put('risk', { max_orders_per_hour: 1_000, max_daily_loss: null, llm_daily_budget_usd: null });
  const binding = await call<{ id: string }>(`${url}/api/traders/${trader.id}/bindings`, {
    method: 'POST',
    token,
    body: { prompt_id: promptId, symbols: ['BTC', 'ETH'], triggers: [{ type: 'schedule', interval_seconds: INTERVAL_SECONDS }] },
  });
  await put('status', { active: true });
  return { traderId: trader.id, bindingId: binding.id };
}
