import {
  type Adjustment,
  type Alert,
  type Binding,
  type DecisionRecord,
  decimal,
  type EquityPoint,
  type ExternalOrder,
  type Fill,
  type Json,
  type Kill,
  type LedgerEntry,
  type ModelCall,
  type Order,
  type OrderState,
  type Position,
  type Prompt,
  type PromptVersion,
  type Protection,
  type Reconciliation,
  type Run,
  type Timestamp,
  type Trader,
  type TraderId,
  type TriggerId,
  type UserId,
} from '@hyperoru/domain';
import type { Session, User } from '@hyperoru/engine';
import { AdvisoryLock } from './core/advisory-lock.ts';
import { unitsOf } from './core/fixed-point.ts';
import { storableJson, withStorableText } from './core/storable.ts';
import { type Reference, Table } from './core/table.ts';
import { jobTables } from './jobs/job-tables.ts';
import { JournalData } from './journal-data.ts';

export interface UserRow {
  readonly user: User;
  readonly passwordHash: string;
}
export interface SessionRow {
  readonly session: Session;
  readonly tokenHash: string;
}
export interface InvitationRow {
  readonly tokenHash: string;
  readonly createdBy: UserId;
  readonly expiresAt: Timestamp;
  readonly usedAt: Timestamp | null;
}
/** `duplicateOf`: the trigger this arrival repeated; null for the run that counts. */
export interface RunRow {
  readonly run: Run;
  readonly duplicateOf: TriggerId | null;
}
export interface ModelCallRow {
  readonly call: ModelCall;
  readonly traderId: TraderId;
}
export interface HistoryRow {
  readonly id: number;
  readonly orderId: string;
  readonly at: Timestamp;
  readonly state: OrderState;
  readonly reason: string | null;
}
/** `units`: the amount once more, ready to be summed. */
export interface LedgerRow {
  readonly entry: LedgerEntry;
  readonly units: bigint;
}
/** Numbers of a trader that only rise. */
export interface SequenceRow {
  readonly traderId: TraderId;
  readonly laneEpoch: number;
  readonly nonce: number;
}
export interface SettingRow {
  readonly key: string;
  readonly value: Json;
}

export const foldName = (name: string): string => name.normalize('NFKC').toLowerCase();
const OPEN_STATES: ReadonlySet<OrderState> = new Set(['intent', 'sent', 'accepted', 'partially_filled', 'unknown']);
const DOUBTED_STATES: ReadonlySet<OrderState> = new Set(['absent', 'rejected', 'dropped']);
export const isOpenOrder = (order: Order): boolean => OPEN_STATES.has(order.state);

/** Everything that is durable, empty at first. */
export function newTables() {
  const access = accessTables();
  const catalog = catalogTables();
  const strategy = strategyTables(catalog);
  const venue = venueTables(catalog, strategy);
  const safety = safetyTables(catalog, venue);
  return {
    ...access,
    ...catalog,
    ...strategy,
    ...venue,
    ...safety,
    ...journalTables(),
    ...jobTables(),
  };
}

export type Tables = ReturnType<typeof newTables>;
type Catalog = ReturnType<typeof catalogTables>;
type Strategy = ReturnType<typeof strategyTables>;
type Venue = ReturnType<typeof venueTables>;

function accessTables() {
  const users = new Table<UserRow>({
    name: 'users',
    idOf: ({ user }) => user.id,
    unique: {
      users_username_key: ({ user }) => foldName(user.username),
      users_email_key: ({ user }) => (user.email === null ? null : foldName(user.email)),
    },
    stored: (row) => ({ ...row, user: withStorableText(row.user, ['username', 'email']) }),
  });
  const sessions = new Table<SessionRow>({
    name: 'sessions',
    idOf: ({ session }) => session.id,
    unique: { sessions_token_hash: (row) => row.tokenHash },
    references: [{ name: 'sessions_user_id_users_id_fk', to: users, idOf: ({ session }) => session.userId }],
    stored: (row) => ({ ...row, session: withStorableText(row.session, ['name']) }),
  });
  const invitations = new Table<InvitationRow>({
    name: 'invitations',
    idOf: (row) => row.tokenHash,
    references: [{ name: 'invitations_created_by_users_id_fk', to: users, idOf: (row) => row.createdBy }],
  });
  return { users, sessions, invitations };
}

function catalogTables() {
  const traders = new Table<Trader>({
    name: 'traders',
    idOf: (row) => row.id,
    stored: (row) => withStorableText(row, ['name', 'description']),
  });
  const prompts: Table<Prompt> = new Table<Prompt>({
    name: 'prompts',
    idOf: (row) => row.id,
    references: [
      {
        name: 'prompts_current_version_id_prompt_versions_id_fk',
        to: { keyHolder: (id, tx) => promptVersions.keyHolder(id, tx), has: (id, tx) => promptVersions.has(id, tx) },
        idOf: (row) => row.currentVersionId,
      },
    ],
    stored: (row) => withStorableText(row, ['name']),
  });
  const promptVersions: Table<PromptVersion> = new Table<PromptVersion>({
    name: 'prompt_versions',
    idOf: (row) => row.id,
    unique: { prompt_versions_number: (row) => `${row.promptId} ${row.number}` },
    references: [{ name: 'prompt_versions_prompt_id_prompts_id_fk', to: prompts, idOf: (row) => row.promptId }],
    stored: (row) => withStorableText(row, ['content']),
  });
  const bindings = new Table<Binding>({
    name: 'bindings',
    idOf: (row) => row.id,
    references: [
      { name: 'bindings_trader_id_traders_id_fk', to: traders, idOf: (row) => row.traderId },
      { name: 'bindings_prompt_id_prompts_id_fk', to: prompts, idOf: (row) => row.promptId },
    ],
    stored: storableJson,
  });
  return {
    traders,
    prompts,
    promptVersions,
    bindings,
    versionsByPrompt: promptVersions.index((row) => row.promptId),
    bindingsByTrader: bindings.index((row) => (row.deletedAt === null ? row.traderId : null)),
    bindingsByPrompt: bindings.index((row) => (row.deletedAt === null ? row.promptId : null)),
  };
}

function strategyTables({ traders, bindings, promptVersions }: Catalog) {
  const runs = new Table<RunRow>({
    name: 'runs',
    idOf: ({ run }) => run.id,
    unique: { runs_trigger: ({ run, duplicateOf }) => (duplicateOf === null ? run.trigger.id : null) },
    references: [
      { name: 'runs_trader_id_traders_id_fk', to: traders, idOf: ({ run }) => run.traderId },
      { name: 'runs_binding_id_bindings_id_fk', to: bindings, idOf: ({ run }) => run.trigger.bindingId },
    ],
    stored: (row) => ({
      ...row,
      run: withStorableText({ ...row.run, trigger: withStorableText(row.run.trigger, ['eventId']) }, ['reason']),
    }),
  });
  const modelCalls = new Table<ModelCallRow>({
    name: 'model_calls',
    idOf: ({ call }) => `${call.runId} ${call.step}`,
    references: [{ name: 'model_calls_run_id_runs_id_fk', to: runs, idOf: ({ call }) => call.runId }],
    stored: ({ call, traderId }) => ({ call: storedModelCall(call), traderId }),
  });
  const decisions = new Table<DecisionRecord>({
    name: 'decisions',
    idOf: (row) => row.id,
    unique: { decisions_run_index: (row) => `${row.runId} ${row.index}` },
    references: [
      { name: 'decisions_run_id_runs_id_fk', to: runs, idOf: (row) => row.runId },
      { name: 'decisions_trader_id_traders_id_fk', to: traders, idOf: (row) => row.traderId },
      { name: 'decisions_binding_id_bindings_id_fk', to: bindings, idOf: (row) => row.bindingId },
      { name: 'decisions_prompt_version_id_prompt_versions_id_fk', to: promptVersions, idOf: (row) => row.promptVersionId },
    ],
    stored: storableJson,
  });
  return {
    runs,
    modelCalls,
    decisions,
    runsByTrader: runs.index(({ run }) => run.traderId),
    runsOpen: runs.index(({ run }) => (run.state === 'finished' ? null : run.traderId)),
    callsByRun: modelCalls.index(({ call }) => call.runId),
    callsByTrader: modelCalls.index((row) => row.traderId),
    decisionsByRun: decisions.index((row) => row.runId),
    decisionsByTrader: decisions.index((row) => row.traderId),
  };
}

function storedModelCall(call: ModelCall): ModelCall {
  const texts = withStorableText(call, ['model', 'baseUrl', 'promptText', 'rawRequest', 'rawAnswer', 'reasoning']);
  return { ...texts, context: storableJson(call.context), costUsd: call.costUsd === null ? null : decimal(call.costUsd) };
}

function venueTables({ traders }: Catalog, { decisions }: Strategy) {
  const ofTrader = <Row extends { readonly traderId: string }>(table: string): Reference<Row> => ({
    name: `${table}_trader_id_traders_id_fk`,
    to: traders,
    idOf: (row) => row.traderId,
  });
  const orders = new Table<Order>({
    name: 'orders',
    idOf: (row) => row.id,
    unique: { orders_client_order_id: (row) => row.clientOrderId },
    references: [ofTrader('orders'), { name: 'orders_decision_id_decisions_id_fk', to: decisions, idOf: (row) => row.decisionId }],
    stored: (row) => withStorableText(row, ['reason']),
  });
  const orderHistory = new Table<HistoryRow>({
    name: 'order_history',
    idOf: (row) => String(row.id),
    references: [{ name: 'order_history_order_id_orders_id_fk', to: orders, idOf: (row) => row.orderId }],
    stored: (row) => withStorableText(row, ['reason']),
  });
  const fills = new Table<Fill>({
    name: 'fills',
    idOf: (row) => row.id,
    unique: { fills_trade: (row) => `${row.traderId} ${row.tradeId}` },
    references: [ofTrader('fills'), { name: 'fills_order_id_orders_id_fk', to: orders, idOf: (row) => row.orderId }],
  });
  const positions = new Table<Position>({
    name: 'positions',
    idOf: (row) => row.id,
    unique: { positions_open: (row) => (row.closedAt === null ? `${row.traderId} ${row.symbol}` : null) },
    references: [
      ofTrader('positions'),
      { name: 'positions_opened_by_decision_id_decisions_id_fk', to: decisions, idOf: (row) => row.openedByDecisionId },
    ],
  });
  const ledger = new Table<LedgerRow>({
    name: 'ledger_entries',
    idOf: ({ entry }) => entry.id,
    references: [
      { name: 'ledger_entries_trader_id_traders_id_fk', to: traders, idOf: ({ entry }) => entry.traderId },
      { name: 'ledger_entries_fill_id_fills_id_fk', to: fills, idOf: ({ entry }) => entry.fillId },
      { name: 'ledger_entries_position_id_positions_id_fk', to: positions, idOf: ({ entry }) => entry.positionId },
    ],
  });
  const equityPoints = new Table<EquityPoint>({
    name: 'equity_points',
    idOf: (row) => `${row.traderId} ${row.at}`,
    references: [ofTrader('equity_points')],
  });
  return {
    orders,
    orderHistory,
    fills,
    positions,
    ledger,
    equityPoints,
    ordersByTrader: orders.index((row) => row.traderId),
    ordersOpen: orders.index((row) => (isOpenOrder(row) ? row.traderId : null)),
    ordersDoubted: orders.index((row) => (DOUBTED_STATES.has(row.state) ? row.traderId : null)),
    ordersByDecision: orders.index((row) => row.decisionId),
    entriesByTrader: orders.index((row) => (row.purpose === 'entry' ? row.traderId : null)),
    historyByOrder: orderHistory.index((row) => row.orderId),
    fillsByTrader: fills.index((row) => row.traderId),
    fillsByOrder: fills.index((row) => row.orderId),
    positionsOpen: positions.index((row) => (row.closedAt === null ? row.traderId : null)),
    positionsClosed: positions.index((row) => (row.closedAt === null ? null : row.traderId)),
    ledgerByTrader: ledger.index(({ entry }) => entry.traderId),
    pointsByTrader: equityPoints.index((row) => row.traderId),
  };
}

export const ledgerRow = (entry: LedgerEntry): LedgerRow => ({ entry, units: unitsOf(entry.amount) });

function safetyTables({ traders }: Catalog, { orders, positions }: Venue) {
  const ofTrader = <Row extends { readonly traderId: string | null }>(table: string): Reference<Row> => ({
    name: `${table}_trader_id_traders_id_fk`,
    to: traders,
    idOf: (row) => row.traderId,
  });
  const protections = new Table<Protection>({
    name: 'protections',
    idOf: (row) => row.positionId,
    references: [
      ofTrader('protections'),
      { name: 'protections_position_id_positions_id_fk', to: positions, idOf: (row) => row.positionId },
    ],
  });
  const kills = new Table<Kill>({
    name: 'kills',
    idOf: (row) => row.id,
    references: [ofTrader('kills')],
    stored: (row) => withStorableText({ ...row, traders: storableJson(row.traders) }, ['reason']),
  });
  const adjustments = new Table<Adjustment>({
    name: 'adjustments',
    idOf: (row) => row.id,
    references: [
      ofTrader('adjustments'),
      { name: 'adjustments_position_id_positions_id_fk', to: positions, idOf: (row) => row.positionId },
      { name: 'adjustments_order_id_orders_id_fk', to: orders, idOf: (row) => row.orderId },
    ],
    stored: (row) => withStorableText(row, ['recorded', 'reported', 'reason']),
  });
  const reconciliations = new Table<Reconciliation>({
    name: 'reconciliations',
    idOf: (row) => row.traderId,
    references: [ofTrader('reconciliations')],
    stored: (row) => withStorableText(row, ['message']),
  });
  const externalOrders = new Table<ExternalOrder>({
    name: 'external_orders',
    idOf: (row) => `${row.traderId} ${row.venueOrderId}`,
    references: [ofTrader('external_orders')],
  });
  const sequences = new Table<SequenceRow>({
    name: 'trader_sequences',
    idOf: (row) => row.traderId,
    references: [ofTrader('trader_sequences')],
  });
  return {
    protections,
    kills,
    adjustments,
    reconciliations,
    externalOrders,
    sequences,
    protectionsBare: protections.index((row) => (row.bareSince === null ? null : 'bare')),
    killsArmed: kills.index((row) => (row.disarmedAt === null && !row.isDrill ? 'armed' : null)),
    killsUnfinished: kills.index((row) => (row.finishedAt === null ? 'unfinished' : null)),
    externalResting: externalOrders.index((row) => (row.endedAt === null ? row.traderId : null)),
  };
}

function journalTables() {
  const alerts = new Table<Alert>({ name: 'alerts', idOf: (row) => row.id, stored: (row) => withStorableText(row, ['message']) });
  return {
    alerts,
    alertsOpen: alerts.index((row) => (row.acknowledgedAt === null && row.traderId !== null ? `${row.traderId} ${row.code}` : null)),
    settings: new Table<SettingRow>({ name: 'settings', idOf: (row) => row.key, stored: storableJson }),
    /** Held by whoever appends to the audit chain, to its commit. */
    auditLock: new AdvisoryLock(),
    journal: new JournalData(),
  };
}
