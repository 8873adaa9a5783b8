import { Adjustment, Kill, KillDisarmAnswer, pageOf, SafetySummary } from '@hyperoru/contracts';
import { request } from './http.ts';
import type { Filter } from './keys.ts';

const Kills = pageOf(Kill);
const Adjustments = pageOf(Adjustment);
/** Traders on one page of the summary; more than most instances have. */
const TRADERS_MAX = 200;

export const readSafety = () => request(SafetySummary, '/api/safety', { query: { limit: TRADERS_MAX } });
export const listKills = (query: Filter) => request(Kills, '/api/kill', { query });
export const listAdjustments = (query: Filter) => request(Adjustments, '/api/adjustments', { query });
/** `traderId` null = the whole instance. */
export const kill = (traderId: string | null, reason: string) =>
  request(Kill, '/api/kill', { method: 'POST', body: { trader_id: traderId, reason } });
export const drill = (traderId: string) => request(Kill, '/api/kill/drill', { method: 'POST', body: { trader_id: traderId } });
export const disarm = (killId: string) => request(KillDisarmAnswer, '/api/kill/disarm', { method: 'POST', body: { kill_id: killId } });
