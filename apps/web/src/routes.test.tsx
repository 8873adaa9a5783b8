import { cleanup, configure, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { IDS, order, overview, position, trader, user } from './fixtures/answers.ts';
import { type StandInApi, standInApi } from './fixtures/api.ts';
import { openPage } from './fixtures/open-page.tsx';
import { kill, safety } from './fixtures/safety.ts';

/** A page is loaded, not timed: a busy machine may take long, ms. */
const WAIT_MS_MAX = 10_000;
configure({ asyncUtilTimeout: WAIT_MS_MAX, getElementError: (message) => new Error(message ?? 'Not found.') });

let api: StandInApi;

beforeEach(() => {
  api = standInApi();
  vi.stubGlobal('fetch', api.fetch);
  vi.stubGlobal(
    'WebSocket',
    class extends EventTarget {
      readonly send = () => undefined;
      readonly close = () => undefined;
    },
  );
  vi.stubGlobal('scrollTo', () => undefined);
  // Text areas that grow listen for fonts, which this document does not have.
  Object.defineProperty(document, 'fonts', { value: new EventTarget(), configurable: true });
});
afterEach(() => {
  cleanup();
  localStorage.clear();
  vi.unstubAllGlobals();
});

const TRADER = `/traders/${IDS.trader}`;

describe('each page shows what the API tells', () => {
  test.each([
    ['/', 'Momentum on BTC'],
    [TRADER, 'Bought 0.0123 BTC at 61,240.5'],
    [`${TRADER}?tab=runs`, 'An order went out.'],
    [`${TRADER}?tab=orders`, 'Filled'],
    [`${TRADER}?tab=fills`, '0.3389'],
    [`${TRADER}?tab=closed`, 'Closed by'],
    [`${TRADER}?tab=alerts`, 'A decision came too late.'],
    [`${TRADER}?tab=settings`, 'Delete this trader'],
    ['/traders/new', 'Create the trader'],
    [`/traders/new?trader=${IDS.trader}`, 'Leave it paused'],
    ['/prompts', 'Trend'],
    [`/prompts/${IDS.prompt}`, 'Save as new version'],
    ['/prompts/new', 'Create the prompt'],
    ['/analytics', 'Trend'],
    ['/analytics?by=trader', 'Deleted'],
    ['/analytics?by=symbol', 'BTC'],
    ['/analytics?by=operation', 'Buy'],
    ['/analytics?by=trigger', 'Schedule'],
    ['/activity', 'Bought 0.0123 BTC at 61,240.5'],
    ['/activity?tab=runs', 'Every outcome'],
    ['/activity?tab=orders', 'Every order'],
    ['/activity?tab=positions', '61,300.00'],
    ['/activity?tab=alerts', 'Mark as seen'],
    [`/runs/${IDS.run}`, 'Run of Momentum on BTC'],
    ['/safety', '1 of 2 bare'],
    ['/account', 'API tokens'],
    ['/login', 'Log in'],
    ['/register?invitation=i1', 'Join'],
    ['/nowhere', 'Not found'],
  ])('%s', async (path, text) => {
    openPage(path);
    expect((await screen.findAllByText(text)).length).toBeGreaterThan(0);
  });
});

describe('entering', () => {
  test('without a session the way leads to login, and remembers where to', async () => {
    api.refuse('GET /api/users/profile', { status: 401, code: 'UNAUTHENTICATED', error: 'Log in first.' });
    const router = openPage('/analytics');
    await screen.findByLabelText('User name or e-mail');
    expect(router.state.location.search).toMatchObject({ back: '/analytics' });
  });

  test('an empty instance asks to be set up, and checks the fields first', async () => {
    api.answer('GET /api/setup', { needs_setup: true, version: '0.1.0' });
    openPage('/');
    fireEvent.change(await screen.findByLabelText('Password'), { target: { value: 'short' } });
    fireEvent.click(screen.getByRole('button', { name: 'Create the first user' }));
    await screen.findByText('Expected at least 10 characters.');
    expect(api.changes).toEqual([]);
  });

  test('an address with @ is sent as e-mail', async () => {
    openPage('/login');
    fireEvent.change(await screen.findByLabelText('User name or e-mail'), { target: { value: 'ada@example.org' } });
    fireEvent.change(screen.getByLabelText('Password'), { target: { value: 'correct horse' } });
    fireEvent.click(screen.getByRole('button', { name: 'Log in' }));
    await vi.waitFor(() => expect(api.changes).toHaveLength(1), WAIT_MS_MAX);
    expect(api.changes[0]).toMatchObject({ path: '/api/users/login', body: { email: 'ada@example.org', password: 'correct horse' } });
  });
});

describe('states', () => {
  test('an instance without traders offers the first one', async () => {
    api.answer('GET /api/traders', { items: [], next_cursor: null });
    openPage('/');
    await screen.findByText('No trader yet.');
    expect(screen.getAllByRole('link', { name: 'New trader' }).length).toBe(2);
  });

  test('a failing panel says why and which request it was, the rest of the page stays', async () => {
    api.refuse('GET /api/decisions', { status: 500, code: 'INTERNAL', error: 'Something broke.' });
    openPage(TRADER);
    await screen.findByText('Something broke.');
    expect(screen.getByText('Request req_test')).toBeDefined();
    expect(screen.getByRole('heading', { name: 'Momentum on BTC', level: 1 })).toBeDefined();
  });

  test('a trader in error says why and leads to the run', async () => {
    api.answer('GET /api/traders', {
      items: [{ ...trader, status: 'error', status_reason: 'The model is out of order.', status_run_id: IDS.run }],
      next_cursor: null,
    });
    openPage('/');
    await screen.findByText(/The model is out of order\./);
    expect(screen.getByRole('link', { name: 'See the run' }).getAttribute('href')).toBe(`/runs/${IDS.run}`);
  });

  test('a deleted trader keeps its history and loses its controls', async () => {
    const gone = { ...overview, trader: { ...trader, status: 'deleted', active: false, deleted_at: trader.created_at } };
    api.answer(`GET /api/traders/${IDS.trader}/overview`, gone);
    openPage(TRADER);
    await screen.findByText('This trader is deleted.');
    expect(screen.queryByRole('button', { name: 'Run now' })).toBeNull();
    expect(screen.queryByRole('tab', { name: 'Settings' })).toBeNull();
    await screen.findByText('Bought 0.0123 BTC at 61,240.5');
  });

  test('an unfinished trader says what is missing and how to go on', async () => {
    api.answer(`GET /api/traders/${IDS.trader}/overview`, {
      ...overview,
      trader: { ...trader, status: 'paused', active: false, llm: null, setup_missing: ['llm'] },
    });
    openPage(TRADER);
    await screen.findByText('Still needs a model before it can run.');
    expect(screen.getByRole('link', { name: 'Finish the set-up' }).getAttribute('href')).toContain(IDS.trader);
    expect(screen.getByRole('button', { name: 'Resume' }).hasAttribute('disabled')).toBe(true);
  });

  test('a position without a stop stands out', async () => {
    api.answer('GET /api/positions', { items: [{ ...position, stop_loss_price: null }], next_cursor: null });
    openPage(TRADER);
    const table = await screen.findByRole('table', { name: 'Open positions' });
    expect(within(table).getByText('None')).toBeDefined();
  });

  test('someone else’s trader is told as missing', async () => {
    openPage(`/traders/${IDS.other}`);
    await screen.findByText('There is no such trader.');
  });
});

describe('the safety page', () => {
  test('shows what is bare, unknown and used up', async () => {
    openPage('/safety');
    const table = within(await screen.findByRole('table', { name: 'Protection of open positions' }));
    expect(table.getByText('Bare')).toBeDefined();
    expect(table.getAllByText('420 ms').length).toBeGreaterThan(0);
    const traders = within(screen.getByRole('table', { name: 'Safety of each trader' }));
    expect(traders.getByText('1 order')).toBeDefined();
    expect(traders.getByText('42.50 of 500.00')).toBeDefined();
    expect(traders.getByText('1.2 % of 30.0 %')).toBeDefined();
    await screen.findByText('The exchange holds more than our records.');
  });

  test('says plainly when there is nothing to protect, and when it cannot be loaded', async () => {
    api.answer('GET /api/safety', { ...safety, traders: { items: [], next_cursor: null } });
    api.answer('GET /api/kill', { items: [], next_cursor: null });
    api.answer('GET /api/adjustments', { items: [], next_cursor: null });
    openPage('/safety');
    for (const text of ['No trader yet.', 'No open position.', 'Never used.', 'No adjustment.']) await screen.findByText(text);
    cleanup();
    api.refuse('GET /api/safety', { status: 500, code: 'INTERNAL', error: 'Something broke.' });
    openPage('/safety');
    await screen.findByText('Something broke.');
    expect(screen.getByRole('button', { name: 'Kill all traders' })).toBeDefined();
  });

  test('a trader is stopped only with a reason and its name typed', async () => {
    api.answer('POST /api/kill', kill);
    openPage('/safety');
    fireEvent.click(await screen.findByRole('button', { name: `Kill ${trader.name}` }));
    const dialog = within(await screen.findByRole('dialog'));
    const stop = dialog.getByRole('button', { name: 'Stop and close everything' });
    fireEvent.change(dialog.getByLabelText(`Type "${trader.name}" to confirm`), { target: { value: trader.name } });
    expect(stop.hasAttribute('disabled')).toBe(true);
    fireEvent.change(dialog.getByLabelText('Why'), { target: { value: 'It behaves oddly.' } });
    fireEvent.click(stop);
    await screen.findByText('Blocked and closed: 1 of 1 flat, slowest 1.24 s.');
    expect(api.changes).toEqual([{ method: 'POST', path: '/api/kill', body: { trader_id: IDS.trader, reason: 'It behaves oddly.' } }]);
  });

  test('the whole instance is for owners', async () => {
    api.answer('GET /api/users/profile', { ...user, role: 'member' });
    openPage('/safety');
    await screen.findByText('1 of 2 bare');
    expect(screen.queryByRole('button', { name: 'Kill all traders' })).toBeNull();
  });

  test('an armed kill stands on top and is disarmed after the password', async () => {
    api.answer('GET /api/safety', { ...safety, armed_kills: [kill] });
    api.answer('POST /api/users/step-up', { expires_at: trader.created_at });
    api.answer('POST /api/kill/disarm', { disarmed: [{ ...kill, armed: false }] });
    api.refuse('POST /api/kill/disarm', { status: 403, code: 'STEP_UP_REQUIRED', error: 'Disarming needs your password once more.' });
    openPage('/safety');
    fireEvent.click(await screen.findByRole('button', { name: `Disarm the kill switch of ${trader.name}` }));
    fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Disarm' }));
    const password = within(await screen.findByRole('dialog', { name: 'Your password once more' }));
    fireEvent.change(password.getByLabelText('Password'), { target: { value: 'correct horse' } });
    api.accept('POST /api/kill/disarm');
    fireEvent.click(password.getByRole('button', { name: 'Go on' }));
    await screen.findByText('Disarmed. Nobody was resumed; start your traders when you are ready.');
    expect(api.changes.at(-1)).toEqual({ method: 'POST', path: '/api/kill/disarm', body: { kill_id: kill.id } });
  });

  test('a drill is offered on paper only and reports its times', async () => {
    api.answer('POST /api/kill/drill', { ...kill, drill: true, armed: false });
    openPage('/safety');
    fireEvent.click(await screen.findByRole('button', { name: `Drill ${trader.name}` }));
    fireEvent.click(await screen.findByRole('button', { name: 'Run the drill' }));
    await screen.findByText(`Drill done: 1 of 1 flat, slowest 1.24 s. ${trader.name} is paused now.`);
    cleanup();
    const [one] = safety.traders.items;
    api.answer('GET /api/safety', { ...safety, traders: { items: [{ ...one, environment: 'mainnet' }], next_cursor: null } });
    openPage('/safety');
    await screen.findByRole('button', { name: `Kill ${trader.name}` });
    expect(screen.queryByRole('button', { name: `Drill ${trader.name}` })).toBeNull();
  });

  test('the report of a kill unfolds', async () => {
    openPage('/safety');
    fireEvent.click(await screen.findByRole('button', { name: `Report of the kill of ${trader.name}` }));
    const report = within(await screen.findByRole('table', { name: 'Report of the kill' }));
    expect(report.getByText('1.24 s')).toBeDefined();
    expect(report.getByText('Flat')).toBeDefined();
  });
});

describe('actions', () => {
  test('pausing with an open position asks first', async () => {
    openPage(TRADER);
    fireEvent.click(await screen.findByRole('button', { name: 'Pause' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Pause the trader' }));
    await vi.waitFor(() => expect(api.changes).toHaveLength(1), WAIT_MS_MAX);
    expect(api.changes[0]).toEqual({ method: 'PUT', path: `/api/traders/${IDS.trader}/status`, body: { active: false } });
  });

  test('a running trader is told to leave only, and one that only leaves may enter again', async () => {
    openPage(TRADER);
    fireEvent.click(await screen.findByRole('button', { name: 'Exits only' }));
    await vi.waitFor(() => expect(api.changes[0]?.body).toEqual({ status: 'reduce_only' }), WAIT_MS_MAX);
    cleanup();
    api.answer(`GET /api/traders/${IDS.trader}/overview`, { ...overview, trader: { ...trader, status: 'reduce_only', reduce_only: true } });
    openPage(TRADER);
    fireEvent.click(await screen.findByRole('button', { name: 'Allow entries' }));
    await vi.waitFor(() => expect(api.changes[1]?.body).toEqual({ status: 'active' }), WAIT_MS_MAX);
  });

  test('a position is closed only after the question', async () => {
    openPage(TRADER);
    fireEvent.click(await screen.findByRole('button', { name: 'Close long 0.0123 BTC' }));
    expect(api.changes).toEqual([]);
    fireEvent.click(await screen.findByRole('button', { name: 'Close the position' }));
    await vi.waitFor(() => expect(api.changes[0]?.path).toBe(`/api/positions/${position.id}/close`), WAIT_MS_MAX);
  });

  describe('an order by hand', () => {
    const quote = { symbol: 'BTC', bid: '49990', ask: '50010', mark: '50000', received_at: trader.created_at, is_stale: false };
    const denied = {
      status: 422,
      code: 'ORDER_DENIED',
      error: 'The stop-loss lies above the price.',
      details: [
        { field: 'order', message: 'stop_loss_wrong_side' },
        { field: 'fix', message: 'A stop loss lies below the price of a long.' },
      ],
    };
    const openForm = async () => {
      api.answer('GET /api/market/prices', { source: 'replay', market_time: trader.created_at, items: [quote] });
      openPage(TRADER);
      fireEvent.click(await screen.findByRole('button', { name: 'Place an order' }));
      return within(await screen.findByRole('dialog', { name: `Place an order for ${trader.name}` }));
    };

    test('needs its stop, is reviewed, denied with its fix, and placed under a new key', async () => {
      const dialog = await openForm();
      fireEvent.change(await dialog.findByLabelText('Symbol'), { target: { value: 'BTC' } });
      fireEvent.click(dialog.getByRole('button', { name: 'Review' }));
      await dialog.findByText('This trader enters with a stop-loss only.');
      fireEvent.change(dialog.getByLabelText('Stop-loss'), { target: { value: '2' } });
      fireEvent.click(dialog.getByRole('button', { name: 'Review' }));
      await dialog.findByText(/This moves simulated money only/);
      expect(api.changes).toEqual([]);
      api.refuse('POST /api/orders', denied);
      fireEvent.click(dialog.getByRole('button', { name: 'Buy BTC' }));
      await dialog.findByText('A stop loss lies below the price of a long.');
      api.accept('POST /api/orders');
      api.answer('POST /api/orders', { run_id: IDS.run, verdict: { status: 'approved', code: null, message: null }, order });
      fireEvent.click(dialog.getByRole('button', { name: 'Buy BTC' }));
      await screen.findByText('Bought 0.0123 BTC at 61,240.5.');
      const [first, second] = api.changes;
      expect(second?.body).toMatchObject({ operation: 'buy', symbol: 'BTC', portion: '0.1', stop_loss: { pct: '2' } });
      expect(second?.key).not.toBe(first?.key);
    });

    test('whose answer was lost is sent again under the same key', async () => {
      const dialog = await openForm();
      fireEvent.click(await dialog.findByText('Reduce or close'));
      fireEvent.click(dialog.getByRole('button', { name: 'Review' }));
      api.refuse('POST /api/orders', { status: 503, code: 'NOT_READY', error: 'Not now.' });
      for (const times of [1, 2]) {
        fireEvent.click(await dialog.findByRole('button', { name: 'Close BTC' }));
        await vi.waitFor(() => expect(api.changes).toHaveLength(times), WAIT_MS_MAX);
        await dialog.findByText('Not now.');
      }
      expect(api.changes[0]?.body).toMatchObject({ operation: 'close', symbol: 'BTC', portion: '1' });
      expect(api.changes[0]?.key).toMatch(/^[0-9a-f]{32}$/);
      expect(api.changes[1]?.key).toBe(api.changes[0]?.key);
    });

    test('waits for prices', async () => {
      api.answer('GET /api/market/prices', { source: 'replay', market_time: trader.created_at, items: [] });
      openPage(TRADER);
      fireEvent.click(await screen.findByRole('button', { name: 'Place an order' }));
      await screen.findByText('There are no prices yet.');
    });
  });

  test('everything behind a decision unfolds', async () => {
    openPage(TRADER);
    fireEvent.click(await screen.findByRole('button', { name: 'Prompt, answer, verdict, orders' }));
    await screen.findByText('Approved by the risk gate.');
    fireEvent.click(screen.getByRole('tab', { name: 'Prompt' }));
    await screen.findByText('Prices: 61240');
    fireEvent.click(screen.getByRole('tab', { name: 'Answer' }));
    await screen.findByText('Prices rise.');
    fireEvent.click(screen.getByRole('tab', { name: 'Orders (1)' }));
    await screen.findByRole('table', { name: 'Orders' });
  });

  test('a limit out of range is refused before it is sent', async () => {
    openPage(`${TRADER}?tab=settings`);
    fireEvent.change(await screen.findByLabelText('Highest leverage'), { target: { value: '126' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save limits' }));
    await vi.waitFor(() => expect(screen.getByLabelText('Highest leverage').getAttribute('aria-invalid')).toBe('true'), WAIT_MS_MAX);
    expect(api.changes).toEqual([]);
  });

  test('a raised limit asks for the password, and is saved once it was proven', async () => {
    const risk = `PUT /api/traders/${IDS.trader}/risk`;
    api.refuse(risk, { status: 403, code: 'STEP_UP_REQUIRED', error: 'Raising max_leverage needs your password once more.' });
    api.answer('POST /api/users/step-up', { expires_at: trader.created_at });
    api.answer(risk, { ...trader.risk, max_leverage: 9 });
    openPage(`${TRADER}?tab=settings`);
    fireEvent.change(await screen.findByLabelText('Highest leverage'), { target: { value: '9' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save limits' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Your password once more' }));
    fireEvent.change(dialog.getByLabelText('Password'), { target: { value: 'correct horse' } });
    api.accept(risk);
    fireEvent.click(dialog.getByRole('button', { name: 'Go on' }));
    await screen.findByText('Limits saved. They hold from the next order on.');
    expect(api.changes.map(({ path }) => path.split('/').at(-1))).toEqual(['risk', 'step-up', 'risk']);
    expect(api.changes[2]?.body).toMatchObject({ max_leverage: 9 });
  });

  test('the limits of the instance are changed as they are typed', async () => {
    const saved = { max_total_notional: '5000', max_leverage: null, max_daily_loss: null, max_orders_per_minute: 300 };
    api.answer('PUT /api/safety/limits', saved);
    openPage('/safety');
    fireEvent.change(await screen.findByLabelText('Largest exposure of all traders'), { target: { value: '5000' } });
    fireEvent.change(screen.getByLabelText('Highest leverage of any trader'), { target: { value: '' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save limits of the instance' }));
    await screen.findByText('Limits of the instance saved. They hold from the next order on.');
    expect(api.changes).toEqual([{ method: 'PUT', path: '/api/safety/limits', body: saved }]);
  });

  test('choosing a provider fills its address and a model', async () => {
    openPage(`${TRADER}?tab=settings`);
    fireEvent.change(await screen.findByLabelText('Provider'), { target: { value: 'deepseek' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save model' }));
    await vi.waitFor(() => expect(api.changes).toHaveLength(1), WAIT_MS_MAX);
    expect(api.changes[0]).toMatchObject({
      path: `/api/traders/${IDS.trader}/llm`,
      body: { model: 'deepseek-chat', base_url: 'https://api.deepseek.com/v1' },
    });
  });

  test('the audit chain can be verified', async () => {
    openPage('/activity');
    fireEvent.click(await screen.findByRole('button', { name: 'Verify the chain' }));
    await screen.findByText('The chain is intact: 42 entries verified.');
  });

  test('a token is shown once', async () => {
    api.answer('POST /api/tokens', {
      id: IDS.other,
      name: 'Script',
      created_at: trader.created_at,
      expires_at: null,
      last_used_at: null,
      token: 'hat_secret',
    });
    openPage('/account');
    fireEvent.change(await screen.findByLabelText('Name of the token'), { target: { value: 'Script' } });
    fireEvent.click(screen.getByRole('button', { name: 'Create token' }));
    await screen.findByText('hat_secret');
    expect(api.changes[0]).toMatchObject({ body: { name: 'Script', expires_in_days: 90 } });
  });

  test('an older prompt comes back as a new version', async () => {
    api.answer(`PUT /api/prompts/${IDS.prompt}`, {
      ...{ id: IDS.prompt, user_id: IDS.user, name: 'Trend', content: 'Older text', version: 3, content_hash: 'x', bindings_count: 1 },
      created_at: trader.created_at,
      updated_at: trader.created_at,
    });
    openPage(`/prompts/${IDS.prompt}`);
    fireEvent.click(await screen.findByRole('tab', { name: 'Versions' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Restore as new version' }));
    await vi.waitFor(() => expect(api.changes[0]).toMatchObject({ method: 'PUT', body: { content: 'Older text' } }), WAIT_MS_MAX);
  });
});
