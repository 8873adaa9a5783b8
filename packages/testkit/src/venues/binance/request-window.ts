import { type ApiError, apiError } from './api-error.ts';
import type { Params } from './params.ts';

const RECV_WINDOW_DEFAULT_MS = 5000;
const RECV_WINDOW_MS_MAX = 60_000;
/** How far a client's clock may run ahead, ms; exclusive. */
const AHEAD_MS_MAX = 1000;

/** The span of venue time in which a signed request is valid. */
export interface RequestWindow {
  readonly timestamp: number;
  readonly recvWindow: number;
}

/** Reads the window; -1102 without a timestamp, -1130 when recvWindow is out of range. */
export function requestWindow(params: Params): RequestWindow | ApiError {
  const timestamp = params.integer('timestamp');
  if (timestamp === null) return apiError(-1102, 'timestamp');
  const recvWindow = params.has('recvWindow') ? params.integer('recvWindow') : RECV_WINDOW_DEFAULT_MS;
  if (recvWindow === null || recvWindow <= 0 || recvWindow > RECV_WINDOW_MS_MAX) return apiError(-1130, 'recvWindow');
  return { timestamp, recvWindow };
}

/** Valid while timestamp < now + 1 s and now − timestamp ≤ recvWindow. */
export const isWithin = (window: RequestWindow, now: number): boolean =>
  window.timestamp < now + AHEAD_MS_MAX && now - window.timestamp <= window.recvWindow;
