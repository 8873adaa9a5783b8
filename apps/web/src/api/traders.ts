import {
  Binding,
  type BindingCreateBody,
  BindingList,
  type BindingPatchBody,
  EquityAnswer,
  ExchangeAnswer,
  type ExchangeBody,
  ExchangeTestAnswer,
  type LlmBody,
  LlmTestAnswer,
  pageOf,
  type RiskBody,
  RiskLimits,
  Trader,
  TraderCard,
  TraderOverview,
  type TraderPatchBody,
  TriggerAnswer,
} from '@hyperoru/contracts';
import type { z } from 'zod';
import { request, send } from './http.ts';

/** Traders shown at once; one instance runs about a hundred. */
const TRADERS_MAX = 200;
const TraderCards = pageOf(TraderCard);

export const listTraders = (includeDeleted: boolean) =>
  request(TraderCards, '/api/traders', { query: { limit: TRADERS_MAX, include_deleted: String(includeDeleted) } });
export const readOverview = (id: string) => request(TraderOverview, `/api/traders/${id}/overview`);
export const createTrader = (body: { name: string; description: string }) => request(Trader, '/api/traders', { method: 'POST', body });
export const patchTrader = (id: string, body: z.infer<typeof TraderPatchBody>) =>
  request(Trader, `/api/traders/${id}`, { method: 'PATCH', body });
export const deleteTrader = (id: string) => send(`/api/traders/${id}`, { method: 'DELETE' });
export const setActive = (id: string, active: boolean) => send(`/api/traders/${id}/status`, { method: 'PUT', body: { active } });
/** `reduce_only`: exits happen, nothing is entered. */
export const setStatus = (id: string, status: 'active' | 'reduce_only') =>
  send(`/api/traders/${id}/status`, { method: 'PUT', body: { status } });
export const setLlm = (id: string, body: z.infer<typeof LlmBody>) => send(`/api/traders/${id}/llm`, { method: 'PUT', body });
export const testLlm = (id: string) => request(LlmTestAnswer, `/api/traders/${id}/llm/test`, { method: 'POST' });
export const setExchange = (id: string, body: z.infer<typeof ExchangeBody>) =>
  request(ExchangeAnswer, `/api/traders/${id}/exchange`, { method: 'PUT', body });
export const testExchange = (id: string) => request(ExchangeTestAnswer, `/api/traders/${id}/exchange/test`, { method: 'POST' });
export const setRisk = (id: string, body: z.infer<typeof RiskBody>) =>
  request(RiskLimits, `/api/traders/${id}/risk`, { method: 'PUT', body });
export const readEquity = (id: string, from: string | undefined) =>
  request(EquityAnswer, `/api/traders/${id}/equity`, { query: { from, points: 600 } });

export const listBindings = (traderId: string) => request(BindingList, `/api/traders/${traderId}/bindings`);
export const createBinding = (traderId: string, body: z.input<typeof BindingCreateBody>) =>
  request(Binding, `/api/traders/${traderId}/bindings`, { method: 'POST', body });
export const patchBinding = (id: string, body: z.infer<typeof BindingPatchBody>) =>
  request(Binding, `/api/bindings/${id}`, { method: 'PATCH', body });
export const deleteBinding = (id: string) => send(`/api/bindings/${id}`, { method: 'DELETE' });
export const triggerBinding = (id: string) => request(TriggerAnswer, `/api/bindings/${id}/trigger`, { method: 'POST', body: {} });
