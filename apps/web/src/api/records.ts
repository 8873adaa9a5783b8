import {
  Alert,
  AuditVerifyAnswer,
  Decision,
  DecisionDetail,
  Fill,
  MarketPrices,
  Order,
  OrderCreateAnswer,
  type OrderCreateBody,
  Position,
  pageOf,
  Run,
  RunDetail,
} from '@hyperoru/contracts';
import type { z } from 'zod';
import { request, send } from './http.ts';
import type { Filter } from './keys.ts';

const Decisions = pageOf(Decision);
const Runs = pageOf(Run);
const Orders = pageOf(Order);
const Fills = pageOf(Fill);
const Positions = pageOf(Position);
const Alerts = pageOf(Alert);

export const listDecisions = (query: Filter) => request(Decisions, '/api/decisions', { query });
export const readDecision = (id: string) => request(DecisionDetail, `/api/decisions/${id}`);
export const listRuns = (query: Filter) => request(Runs, '/api/runs', { query });
export const readRun = (id: string) => request(RunDetail, `/api/runs/${id}`);
export const listOrders = (query: Filter) => request(Orders, '/api/orders', { query });
/** Asked again with the same key, it answers what became of the same order. */
export const placeOrder = (body: z.infer<typeof OrderCreateBody>, idempotencyKey: string) =>
  request(OrderCreateAnswer, '/api/orders', { method: 'POST', body, idempotencyKey });
export const listFills = (query: Filter) => request(Fills, '/api/fills', { query });
export const listPositions = (query: Filter) => request(Positions, '/api/positions', { query });
export const closePosition = (id: string) => send(`/api/positions/${id}/close`, { method: 'POST' });
export const listAlerts = (query: Filter) => request(Alerts, '/api/alerts', { query });
export const acknowledgeAlert = (id: string) => send(`/api/alerts/${id}/ack`, { method: 'POST' });
export const verifyAudit = () => request(AuditVerifyAnswer, '/api/audit/verify');
export const readPrices = () => request(MarketPrices, '/api/market/prices');
