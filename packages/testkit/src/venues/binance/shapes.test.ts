import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { decimal, symbol } from '@hyperoru/domain';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Fields, type Json, TestClient, type TestStream } from './test-client.ts';

const LIBRARY = createRequire(import.meta.url).resolve('@binance/derivatives-trading-usds-futures');
/** The venue's own description of its answers, as its client library declares them. */
const declarations = readFileSync(join(LIBRARY, '../index.d.ts'), 'utf8');
const BTC = symbol('BTCUSDT');
const S = { symbol: BTC };
/** Declared for trailing stops and for coin-margined contracts only. */
const ELSEWHERE = ['activatePrice', 'priceRate', 'cumBase', 'baseQty', 'pair'];
/** Declared as present in some events only, without a word on which. */
const SOMETIMES = ['M', 'ia'];

function declaredKeys(name: string): readonly string[] {
  const start = declarations.indexOf(`interface ${name} {`);
  if (start < 0) throw new Error(`Expected an interface ${name}.`);
  const body = declarations.slice(start, declarations.indexOf('\n}', start));
  return [...body.matchAll(/^ {2}['"]?(\w+)['"]?\?:/gm)].flatMap((match) => match[1] ?? []);
}

let client: TestClient;
let stream: TestStream;

beforeEach(() => {
  client = new TestClient();
  stream = client.listenToAccount();
  client.market('BUY', '0.1');
  client.limit('BUY', '0.01', '49000', { newClientOrderId: 'x' });
  client.algo({ quantity: '0.1', triggerPrice: '48000', reduceOnly: true, clientAlgoId: 's' });
});

const get = (path: string, fields: Fields = {}) => client.call('GET', path, fields);
const first = (value: unknown): Json => (Array.isArray(value) ? value[0] : {});

/** Answers by the name of their declaration. */
const ANSWERS: Readonly<Record<string, () => Json>> = {
  NewOrderResponse$1: () => client.limit('BUY', '0.01', '48000').body,
  QueryOrderResponse$1: () => get('/fapi/v1/order', { ...S, origClientOrderId: 'x' }).body,
  CurrentAllOpenOrdersResponseInner: () => first(get('/fapi/v1/openOrders', S).rows),
  AllOrdersResponseInner: () => first(get('/fapi/v1/allOrders', S).rows),
  CancelOrderResponse$1: () => client.call('DELETE', '/fapi/v1/order', { ...S, origClientOrderId: 'x' }).body,
  NewAlgoOrderResponse$1: () => client.algo({ quantity: '0.1', triggerPrice: '47000', reduceOnly: true }).body,
  QueryAlgoOrderResponse: () => get('/fapi/v1/algoOrder', { clientAlgoId: 's' }).body,
  CancelAlgoOrderResponse$1: () => client.call('DELETE', '/fapi/v1/algoOrder', { clientAlgoId: 's' }).body,
  AccountInformationV3Response: () => get('/fapi/v3/account').body,
  AccountInformationV3ResponseAssetsInner: () => first(get('/fapi/v3/account').body['assets']),
  AccountInformationV3ResponsePositionsInner: () => first(get('/fapi/v3/account').body['positions']),
  PositionInformationV3ResponseInner: () => first(get('/fapi/v3/positionRisk').rows),
  FuturesAccountBalanceV2ResponseInner: () => first(get('/fapi/v3/balance').rows),
  AccountTradeListResponseInner: () => first(get('/fapi/v1/userTrades', S).rows),
  GetIncomeHistoryResponseInner: () => first(get('/fapi/v1/income').rows),
  SymbolConfigurationResponseInner: () => first(get('/fapi/v1/symbolConfig', S).rows),
  FuturesAccountConfigurationResponse: () => get('/fapi/v1/accountConfig').body,
  UserCommissionRateResponse: () => get('/fapi/v1/commissionRate', S).body,
  ChangeInitialLeverageResponse: () => client.call('POST', '/fapi/v1/leverage', { ...S, leverage: 5 }).body,
  NotionalAndLeverageBracketsResponse1InnerBracketsInner: () => first(first(get('/fapi/v1/leverageBracket', S).rows)['brackets']),
  MarkPriceResponse1: () => get('/fapi/v1/premiumIndex', S).body,
  AccountUpdateABInner: () => first(stream.of('ACCOUNT_UPDATE')[0]?.['B']),
  AccountUpdateAPInner: () => first(stream.of('ACCOUNT_UPDATE')[0]?.['P']),
};

describe('what the venue answers has exactly the fields that the venue declares', () => {
  it.each(Object.entries(ANSWERS))('%s', (name, answer) => {
    const wanted = declaredKeys(name).filter((key) => !ELSEWHERE.includes(key) || name === 'NewAlgoOrderResponse$1');
    expect(wanted.length).toBeGreaterThan(2);
    expect(Object.keys(answer()).sort()).toEqual([...wanted].sort());
  });

  it.each(['OrderTradeUpdateO', 'AlgoUpdateO'])('%s', (name) => {
    client.venue.movePrice(BTC, { mark: decimal('47900') });
    const events = stream.of(name === 'AlgoUpdateO' ? 'ALGO_UPDATE' : 'ORDER_TRADE_UPDATE');
    const told = new Set(events.flatMap((event) => Object.keys(event)));
    expect([...told].sort()).toEqual(
      declaredKeys(name)
        .filter((key) => !SOMETIMES.includes(key))
        .sort(),
    );
  });
});
