import { InstanceLimits, RiskLimits } from '@hyperoru/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../setup/api-client.ts';
import { PASSWORD, startTestServer, type TestServer } from '../setup/server.ts';
import { BUY_ANSWER, createReadyTrader, runOnce } from '../setup/trading.ts';

let server: TestServer;
let ada: ApiClient;
let bob: ApiClient;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp('ada');
  bob = await server.invite(ada, 'bob');
});
afterAll(() => server.stop());

const REFUSED = { status: 403, body: { code: 'STEP_UP_REQUIRED' } };
const prove = (client: ApiClient) => client.post('/api/users/step-up', { password: PASSWORD });

/** A further login of a user: its step-up is its own. */
async function newLogin(username: string): Promise<ApiClient> {
  const answer = await server.anonymous.post('/api/users/login', { username, password: PASSWORD });
  return new ApiClient(server.url, answer.body.session_token, answer.body.user.id);
}

describe('a step-up', () => {
  it('needs the right password, and tells until when it counts', async () => {
    const session = await newLogin('ada');
    const wrong = await session.post('/api/users/step-up', { password: 'not the password' });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'INVALID_CREDENTIALS', details: [{ field: 'password' }] } });
    const right = await prove(session);
    expect(right.status).toBe(200);
    expect(Date.parse(right.body.expires_at)).toBeGreaterThan(0);
    expect((await server.anonymous.post('/api/users/step-up', { password: PASSWORD })).status).toBe(401);
  });

  it('counts at once, also for a session that was just used, and for an API token', async () => {
    const { traderId } = await createReadyTrader(server, ada);
    const { token } = (await ada.post('/api/tokens', { name: 'robot' })).body;
    for (const client of [await newLogin('ada'), new ApiClient(server.url, token)]) {
      const { max_leverage } = (await client.get(`/api/traders/${traderId}/risk`)).body;
      const raise = () => client.put(`/api/traders/${traderId}/risk`, { max_leverage: max_leverage + 1 });
      expect(await raise()).toMatchObject(REFUSED);
      await prove(client);
      expect(await raise()).toMatchObject({ status: 200, body: { max_leverage: max_leverage + 1 } });
    }
  });
});

describe('the limits of a trader', () => {
  it('are lowered freely and raised only after a step-up, which is named with its way', async () => {
    const session = await newLogin('ada');
    const { traderId } = await createReadyTrader(server, session);
    const set = (body: Partial<RiskLimits>) => session.put(`/api/traders/${traderId}/risk`, body);
    const lowered = await set({
      max_drawdown: '0.1',
      cooldown_minutes: 15,
      max_price_deviation: '0.01',
      max_same_direction_notional: '900',
    });
    expect(lowered).toMatchObject({ status: 200, body: { max_drawdown: '0.1', cooldown_minutes: 15, max_price_deviation: '0.01' } });
    expect(RiskLimits.strict().safeParse(lowered.body).error).toBeUndefined();
    const refused = await set({ max_drawdown: null, max_orders_per_hour: 1 });
    expect(refused).toMatchObject(REFUSED);
    expect(refused.body.error).toMatch(/max_drawdown.*POST \/api\/users\/step-up/);
    expect((await session.get(`/api/traders/${traderId}/risk`)).body).toEqual(lowered.body);
    await prove(session);
    expect((await set({ max_drawdown: null })).body.max_drawdown).toBeNull();
  });
});

describe('the limits of the instance', () => {
  it('are read by every user and changed by owners only', async () => {
    const answer = await bob.get('/api/safety/limits');
    expect(InstanceLimits.strict().safeParse(answer.body).error).toBeUndefined();
    expect(answer.body).toEqual({ max_total_notional: null, max_leverage: null, max_daily_loss: null, max_orders_per_minute: 300 });
    expect(await bob.put('/api/safety/limits', { max_leverage: 2 })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect((await ada.put('/api/safety/limits', { max_orders_per_minute: 0 })).status).toBe(400);
  });

  it('bind every trader: no setting above them, and no entry beyond them', async () => {
    const session = await newLogin('ada');
    const { traderId, bindingId } = await createReadyTrader(server, session);
    expect(await session.put('/api/safety/limits', { max_leverage: 5, max_total_notional: '10' })).toMatchObject({
      status: 200,
      body: { max_leverage: 5, max_total_notional: '10', max_daily_loss: null },
    });
    expect(await session.put('/api/safety/limits', { max_leverage: 6 })).toMatchObject(REFUSED);
    await prove(session);
    const above = await session.put(`/api/traders/${traderId}/risk`, { max_leverage: 6 });
    expect(above).toMatchObject({ status: 422, body: { code: 'ABOVE_INSTANCE_LIMIT', details: [{ field: 'max_leverage' }] } });
    expect((await session.put(`/api/traders/${traderId}/risk`, { max_leverage: 5 })).status).toBe(200);

    await session.put(`/api/traders/${traderId}/status`, { active: true });
    server.model.enqueue(BUY_ANSWER);
    expect((await runOnce(session, bindingId)).body).toMatchObject({ outcome: 'denied', code: 'instance_notional_exceeded' });
    const lifted = await session.put('/api/safety/limits', { max_leverage: null, max_total_notional: null });
    expect(lifted.body).toMatchObject({ max_leverage: null, max_total_notional: null });
    server.model.enqueue(BUY_ANSWER);
    expect((await runOnce(session, bindingId)).body.outcome).toBe('traded');
  });
});
