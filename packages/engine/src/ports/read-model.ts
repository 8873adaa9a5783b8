import type {
  Adjustment,
  Alert,
  Binding,
  Decimal,
  DecisionRecord,
  EquityPoint,
  Fill,
  Kill,
  ModelCall,
  Order,
  OrderState,
  Position,
  Prompt,
  Run,
  RunOutcome,
  Symbol,
  Timestamp,
  Trader,
  TraderId,
  TriggerCause,
} from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { AuditEntry, StreamEvent } from './store.ts';

/** `limit` 1–200; `cursor` is opaque text of an earlier page; newest first. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | null;
}
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export interface RecordFilter {
  readonly traderId?: TraderId;
  readonly from?: Timestamp;
  readonly to?: Timestamp;
}

/** A closed or open round trip with what analytics group by. */
export interface AttributedPosition {
  readonly position: Position;
  readonly traderName: string;
  readonly traderDeleted: boolean;
  readonly isDemo: boolean;
  /** `prompt` or `manual`. */
  readonly strategyKind: string;
  readonly strategyId: string | null;
  readonly strategyName: string;
  readonly operation: 'buy' | 'sell';
  readonly triggerCause: TriggerCause | 'external';
}

/** Sums over the records of one or more traders; amounts in quote currency. */
export interface AccountTotals {
  readonly runs: number;
  /** Closed positions. */
  readonly trades: number;
  /** Booked deposits and adjustments. */
  readonly deposits: Decimal;
  /** Booked in the ledger, open positions included; fees positive = paid, funding positive = received. */
  readonly realizedPnl: Decimal;
  readonly fees: Decimal;
  readonly funding: Decimal;
}

/** What models cost; `unknownCalls` were answered, but their price is unknown. */
export interface ModelCostTotal {
  readonly knownUsd: Decimal;
  readonly unknownCalls: number;
}

/** Owner-scoped reads for pages and the API; never part of an order's path. Throws RangeError for a cursor it did not make. */
export interface ReadModel {
  listTraders(scope: OwnerScope, filter: { readonly includeDeleted: boolean }, page: PageRequest): Promise<Page<Trader>>;
  findTrader(scope: OwnerScope, id: TraderId): Promise<Trader | null>;
  /** Those of at most 200 ids that are the owner's, deleted ones too, in any order. */
  findTraders(scope: OwnerScope, ids: readonly TraderId[]): Promise<readonly Trader[]>;
  listPrompts(
    scope: OwnerScope,
    page: PageRequest,
  ): Promise<Page<Prompt & { readonly content: string; readonly version: number; readonly contentHash: string }>>;
  findPrompt(
    scope: OwnerScope,
    id: Prompt['id'],
  ): Promise<(Prompt & { readonly content: string; readonly version: number; readonly contentHash: string }) | null>;
  listBindings(
    scope: OwnerScope,
    filter: { readonly traderId?: TraderId },
  ): Promise<readonly (Binding & { readonly promptName: string })[]>;
  findBinding(scope: OwnerScope, id: Binding['id']): Promise<Binding | null>;
  listRuns(
    scope: OwnerScope,
    filter: RecordFilter & { readonly outcome?: RunOutcome; readonly bindingId?: Binding['id'] },
    page: PageRequest,
  ): Promise<Page<Run>>;
  findRun(
    scope: OwnerScope,
    id: Run['id'],
  ): Promise<{ readonly run: Run; readonly modelCalls: readonly ModelCall[]; readonly decisions: readonly DecisionRecord[] } | null>;
  listDecisions(scope: OwnerScope, filter: RecordFilter & { readonly runId?: Run['id'] }, page: PageRequest): Promise<Page<DecisionRecord>>;
  findDecision(
    scope: OwnerScope,
    id: DecisionRecord['id'],
  ): Promise<{
    readonly record: DecisionRecord;
    readonly run: Run;
    readonly modelCalls: readonly ModelCall[];
    readonly orders: readonly Order[];
  } | null>;
  listOrders(
    scope: OwnerScope,
    filter: RecordFilter & { readonly symbol?: Symbol; readonly states?: readonly OrderState[] },
    page: PageRequest,
  ): Promise<Page<Order>>;
  findOrder(
    scope: OwnerScope,
    id: Order['id'],
  ): Promise<{
    readonly order: Order;
    readonly history: readonly { readonly at: Timestamp; readonly state: OrderState; readonly reason: string | null }[];
    readonly fills: readonly Fill[];
  } | null>;
  listFills(scope: OwnerScope, filter: RecordFilter & { readonly symbol?: Symbol }, page: PageRequest): Promise<Page<Fill>>;
  listPositions(
    scope: OwnerScope,
    filter: RecordFilter & { readonly status?: 'open' | 'closed' },
    page: PageRequest,
  ): Promise<Page<Position>>;
  findPosition(scope: OwnerScope, id: Position['id']): Promise<Position | null>;
  listAlerts(scope: OwnerScope, filter: { readonly traderId?: TraderId; readonly open?: boolean }, page: PageRequest): Promise<Page<Alert>>;
  /** Kills of the owner's traders and of the instance, drills too; the reports of the latter name traders of all owners. */
  listKills(scope: OwnerScope, page: PageRequest): Promise<Page<Kill>>;
  listAdjustments(scope: OwnerScope, filter: RecordFilter, page: PageRequest): Promise<Page<Adjustment>>;
  countAdjustments(scope: OwnerScope, filter: RecordFilter): Promise<number>;
  /** Oldest first, thinned evenly to at most `pointsMax`; first and last always kept. */
  equityCurve(
    scope: OwnerScope,
    traderId: TraderId,
    range: { readonly from: Timestamp; readonly to: Timestamp; readonly pointsMax: number },
  ): Promise<readonly EquityPoint[]>;
  lastRun(scope: OwnerScope, traderId: TraderId): Promise<Run | null>;
  lastDecision(scope: OwnerScope, traderId: TraderId): Promise<DecisionRecord | null>;
  /** Positions closed in the range, deleted traders included when asked; for analytics. At most 100,000. */
  closedPositions(
    scope: OwnerScope,
    filter: { readonly traderId?: TraderId; readonly from: Timestamp; readonly to: Timestamp; readonly includeDeleted: boolean },
  ): Promise<readonly AttributedPosition[]>;
  /** Zeros when there is nothing. */
  accountTotals(scope: OwnerScope, filter: { readonly traderId?: TraderId; readonly includeDeleted: boolean }): Promise<AccountTotals>;
  /** Calls made at or after `from` and before `to`. */
  modelCost(
    scope: OwnerScope,
    filter: { readonly traderId?: TraderId; readonly from: Timestamp; readonly to: Timestamp; readonly includeDeleted: boolean },
  ): Promise<ModelCostTotal>;
  /** Every audit entry of the owner, oldest first, in slices of at most `limit` after `afterSeq`. */
  auditEntries(scope: OwnerScope, afterSeq: number, limit: number): Promise<readonly AuditEntry[]>;
  /** Recomputes the chain of the whole instance; null = intact, else the first broken entry. */
  verifyAudit(): Promise<{ readonly entries: number; readonly firstBrokenSeq: number | null }>;
  /** Live stream after `seq`, in order, of all owners; at most `limit`. Never skips one that commits late. */
  eventsAfter(seq: number, limit: number): Promise<readonly StreamEvent[]>;
  lastEventSeq(): Promise<number>;
  /** Calls back soon (≤ 50 ms) after new events were committed by any process; returns the unsubscriber. */
  onEvents(listener: () => void): () => void;
}
