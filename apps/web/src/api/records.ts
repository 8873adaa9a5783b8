import {
  Alert,
  AuditVerifyAnswer,
  Decision,
  DecisionDetail,
  Fill,
  MarketPrices,
  Order,
  Position,
  pageOf,
  Run,
  RunDetail,
} from '@hyperoru/contracts';
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
export const listFills = (query: Filter) => request(Fills, '/api/fills', { query });
export const listPositions = (query: Filter) => request(Positions, '/api/positions', { query });
export const closePosition = (id: string) => send(`/api/positions/${id}/close`, { method: 'POST' });
export const listAlerts = (query: Filter) => request(Alerts, '/api/alerts', { query });
export const acknowledgeAlert = (id: string) => send(`/api/alerts/${id}/ack`, { method: 'POST' });
export const verifyAudit = () => request(AuditVerifyAnswer, '/api/audit/verify');
export const readPrices = () => request(MarketPrices, '/api/market/prices');
