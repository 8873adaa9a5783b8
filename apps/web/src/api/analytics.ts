import { AnalyticsSummary, ByAccount, ByOperation, ByStrategy, BySymbol, ByTriggerType } from '@hyperoru/contracts';
import { request } from './http.ts';
import type { Filter } from './keys.ts';

export const readSummary = (query: Filter) => request(AnalyticsSummary, '/api/analytics/summary', { query });
export const readByStrategy = (query: Filter) => request(ByStrategy, '/api/analytics/by-strategy', { query });
export const readByAccount = (query: Filter) => request(ByAccount, '/api/analytics/by-account', { query });
export const readBySymbol = (query: Filter) => request(BySymbol, '/api/analytics/by-symbol', { query });
export const readByOperation = (query: Filter) => request(ByOperation, '/api/analytics/by-operation', { query });
export const readByTriggerType = (query: Filter) => request(ByTriggerType, '/api/analytics/by-trigger-type', { query });
