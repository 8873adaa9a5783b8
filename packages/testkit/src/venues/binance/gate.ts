import { ApiError, apiError } from './api-error.ts';
import type { Desk } from './desk.ts';
import type { Params } from './params.ts';
import type { LimitRefusal } from './rate-limits.ts';
import { isWithin, type RequestWindow, requestWindow } from './request-window.ts';
import { type Route, weightOf } from './routes.ts';
import { isPercentEncoded, isSignedBy, signedText } from './signing.ts';

/** A request as the gate sees it. */
export interface GateRequest {
  readonly route: Route;
  readonly params: Params;
  readonly query: string;
  readonly body: string;
  readonly apiKey: string;
  readonly ip: string;
}

/** Who asks; the window is null where nothing is signed. */
export interface Passed {
  readonly accountId: string;
  readonly window: RequestWindow | null;
}

/** Everything that is checked before the matching engine hears of a request: limits, key, time, signature. */
export function passGate(desk: Desk, request: GateRequest): Passed | ApiError | LimitRefusal {
  const { route, params, ip } = request;
  const now = desk.venue.now();
  const limited = desk.limits.spend(ip, weightOf(route, params), now);
  if (limited !== null) return limited;
  if (route.security === 'none') return { accountId: '', window: null };
  const key = desk.keys.check(request.apiKey, { ip, trades: route.security === 'trade' });
  if (key instanceof ApiError) return key;
  if (desk.venue.account(key.accountId)?.isRevoked !== false) return apiError(-2015, ip);
  if (route.security === 'key') return { accountId: key.accountId, window: null };
  const window = requestWindow(params);
  if (window instanceof ApiError) return window;
  if (!isWithin(window, now)) return apiError(-1021);
  const { payload, signature } = signedText(request.query, request.body);
  if (signature === null) return apiError(-1102, 'signature');
  if (!isPercentEncoded(payload) || !isSignedBy(key.signing, payload, signature)) return apiError(-1022);
  const tooMany = route.orders === undefined ? null : desk.limits.spendOrders(key.accountId, route.orders(params), now);
  return tooMany ?? { accountId: key.accountId, window };
}
