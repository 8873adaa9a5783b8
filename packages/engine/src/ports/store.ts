import type {
  Adjustment,
  Alert,
  AlertId,
  Binding,
  BindingId,
  DecisionId,
  DecisionRecord,
  EquityPoint,
  ExternalOrder,
  Fill,
  FillId,
  Json,
  Kill,
  KillId,
  LedgerEntry,
  ModelCall,
  Order,
  OrderId,
  Position,
  PositionId,
  Prompt,
  PromptId,
  PromptVersion,
  PromptVersionId,
  Protection,
  Reconciliation,
  Run,
  RunId,
  Symbol,
  Timestamp,
  Trader,
  TraderId,
  TriggerId,
  UserId,
} from '@hyperoru/domain';
import type { Session, User } from '../access/user.ts';

/**
 * The durable record. A transaction resolves only after its commit is synced to disk; when it throws, nothing of it stays.
 *
 * Two transactions that wait for each other's rows are a deadlock, which the database ends by failing one of them. None can be while
 * each holds rows in this order, and that is a rule for every transaction:
 * 1. `traders` by {@link TraderStore.lock}, several in the order of their ids;
 * 2. what belongs to one trader: orders (several oldest first), positions, runs, bindings, kills, its lane and nonce;
 * 3. rows of `settings` at which transactions of all traders wait for each other;
 * 4. the journal, which the store writes right before the commit.
 * What holds one row only, e.g. to move one order, may begin with it. The check of a reference at the commit waits for nobody, because
 * no lock of a row forbids what refers to it. A transaction that the database ended has not happened, and the store does not repeat
 * it, for its work may have done more than write: the error goes to the caller, and lanes and rounds come again.
 */
export interface Store {
  transaction<T>(work: (tx: StoreTx) => Promise<T>): Promise<T>;
  /**
   * Calls back with what a transaction of this process published, after its commit and before `transaction` resolves: what was
   * read into memory can be forgotten in time for the next read. The listener must not throw. Returns the unsubscriber.
   */
  onPublished(listener: (events: readonly PublishedEvent[]) => void): () => void;
}

/** An event as it was published, before it has its place in the stream. */
export type PublishedEvent = Omit<StreamEvent, 'seq'>;

/** What a transaction can do; each part is one file in the adapter and one section of the contract suite. */
export interface StoreTx {
  readonly users: UserStore;
  readonly traders: TraderStore;
  readonly prompts: PromptStore;
  readonly bindings: BindingStore;
  readonly runs: RunStore;
  readonly orders: OrderStore;
  readonly portfolio: PortfolioStore;
  readonly safety: SafetyStore;
  readonly journal: JournalStore;
  readonly jobs: JobStore;
}

export interface UserStore {
  count(): Promise<number>;
  /** Throws Conflict('username_taken' | 'email_taken'). Names compare case-insensitively. */
  insert(user: User, passwordHash: string): Promise<void>;
  update(user: User): Promise<void>;
  setPasswordHash(id: UserId, passwordHash: string): Promise<void>;
  get(id: UserId): Promise<User | null>;
  list(): Promise<readonly User[]>;
  /** By username or email, case-insensitively. */
  findForLogin(login: string): Promise<{ readonly user: User; readonly passwordHash: string } | null>;
  insertSession(session: Session, tokenHash: string): Promise<void>;
  findSession(tokenHash: string): Promise<{ readonly session: Session; readonly user: User } | null>;
  listSessions(userId: UserId): Promise<readonly Session[]>;
  touchSession(id: string, at: Timestamp): Promise<void>;
  /** The password was proven again in this session. */
  markSteppedUp(id: string, at: Timestamp): Promise<void>;
  /** False when this user has no such live session. */
  revokeSession(userId: UserId, id: string, at: Timestamp): Promise<boolean>;
  revokeAllSessions(userId: UserId, at: Timestamp): Promise<void>;
  insertInvitation(tokenHash: string, createdBy: UserId, expiresAt: Timestamp): Promise<void>;
  /** Takes the invitation once; false when unknown, used or expired. */
  consumeInvitation(tokenHash: string, at: Timestamp): Promise<boolean>;
}

export interface TraderStore {
  insert(trader: Trader): Promise<void>;
  /** Also finds deleted ones. */
  get(id: TraderId): Promise<Trader | null>;
  /** As get, and holds the row until the transaction ends. */
  lock(id: TraderId): Promise<Trader | null>;
  update(trader: Trader): Promise<void>;
  /** Not deleted, all owners. */
  listLive(): Promise<readonly Trader[]>;
  /** All traders of the instance that carry the demo mark, deleted ones too. */
  listDemo(): Promise<readonly Trader[]>;
  /** Gives demo traders of the placeholder owner to the first user: every owned row moves. */
  reassignOwner(from: UserId, to: UserId): Promise<void>;
}

export interface PromptStore {
  insert(prompt: Prompt, version: PromptVersion): Promise<void>;
  addVersion(prompt: Prompt, version: PromptVersion): Promise<void>;
  update(prompt: Prompt): Promise<void>;
  get(id: PromptId): Promise<Prompt | null>;
  getVersion(id: PromptVersionId): Promise<PromptVersion | null>;
  listVersions(id: PromptId): Promise<readonly PromptVersion[]>;
}

export interface BindingStore {
  insert(binding: Binding): Promise<void>;
  update(binding: Binding): Promise<void>;
  get(id: BindingId): Promise<Binding | null>;
  /** Not deleted. */
  listByTrader(traderId: TraderId): Promise<readonly Binding[]>;
  listByPrompt(promptId: PromptId): Promise<readonly Binding[]>;
  /** Enabled bindings of active, not deleted traders. */
  listEnabled(): Promise<readonly Binding[]>;
}

export interface RunStore {
  /** False when a run of this trigger id exists already: the trigger is a duplicate. */
  insert(run: Run): Promise<boolean>;
  /** Records a repeated arrival; never conflicts. */
  insertDuplicate(run: Run, duplicateOf: TriggerId): Promise<void>;
  update(run: Run): Promise<void>;
  get(id: RunId): Promise<Run | null>;
  findByTrigger(id: TriggerId): Promise<Run | null>;
  /** Queued or running, oldest first. */
  listOpen(traderId: TraderId): Promise<readonly Run[]>;
  /** The newest finished run in which the strategy was executed: traded, held, denied or failed. */
  lastExecuted(traderId: TraderId): Promise<Run | null>;
  insertModelCall(call: ModelCall): Promise<void>;
  listModelCalls(id: RunId): Promise<readonly ModelCall[]>;
  /** Sum of known costs since the moment, decimal text. */
  modelCostSince(traderId: TraderId, since: Timestamp): Promise<string>;
  insertDecision(record: DecisionRecord): Promise<void>;
  listDecisions(id: RunId): Promise<readonly DecisionRecord[]>;
}

export interface OrderStore {
  /** Throws Conflict('client_order_id_exists'). */
  insert(order: Order): Promise<void>;
  get(id: OrderId): Promise<Order | null>;
  lock(id: OrderId): Promise<Order | null>;
  findByClientOrderId(clientOrderId: string): Promise<Order | null>;
  /** Writes `next` only while the stored state is one of `from`; false = someone else moved it. Appends to the order's history. */
  compareAndSet(next: Order, from: readonly Order['state'][]): Promise<boolean>;
  /** Every order that is not final (`intent sent accepted partially_filled unknown`). */
  listOpen(traderId: TraderId): Promise<readonly Order[]>;
  listOpenBySymbol(traderId: TraderId, symbol: Symbol): Promise<readonly Order[]>;
  /** Every leg of a decision, oldest first. */
  listByDecision(decisionId: DecisionId): Promise<readonly Order[]>;
  /** Entry orders created since the moment. */
  countEntriesSince(traderId: TraderId, since: Timestamp): Promise<number>;
  /** Entries of all traders that were sent since the moment. */
  countEntriesSentSince(since: Timestamp): Promise<number>;
  /** The next number for a request of the trader: at least `now` in ms, greater than every one before. */
  takeNonce(traderId: TraderId, now: Timestamp): Promise<number>;
  /** Open entry orders of all traders of the instance. */
  listAllOpenEntries(): Promise<readonly Order[]>;
  /** Orders that ended as `absent`, `rejected` or `dropped` after the moment: late evidence may still come. */
  listDoubted(traderId: TraderId, since: Timestamp): Promise<readonly Order[]>;
  /** Traders that have at least one order that is not final. */
  listTradersWithOpenOrders(): Promise<readonly TraderId[]>;
  /** Traders with an order that waits for an answer: `unknown`, or `intent` or `sent` and not touched since the moment. */
  listTradersWithDoubtfulOrders(before: Timestamp): Promise<readonly TraderId[]>;
}

export interface PortfolioStore {
  /** False when this trader already has a fill with the trade id. */
  insertFill(fill: Fill): Promise<boolean>;
  getFill(id: FillId): Promise<Fill | null>;
  listFillsByOrder(orderId: OrderId): Promise<readonly Fill[]>;
  /** Oldest first by the venue's time, whatever the order they were booked in. */
  listFillsBySymbol(traderId: TraderId, symbol: Symbol): Promise<readonly Fill[]>;
  lastFillAt(traderId: TraderId): Promise<Timestamp | null>;
  openPosition(traderId: TraderId, symbol: Symbol): Promise<Position | null>;
  listOpenPositions(traderId: TraderId): Promise<readonly Position[]>;
  /** Of all traders of the instance. */
  listAllOpenPositions(): Promise<readonly Position[]>;
  listRecentClosed(traderId: TraderId, count: number): Promise<readonly Position[]>;
  getPosition(id: PositionId): Promise<Position | null>;
  /** Insert or replace by id. */
  savePosition(position: Position): Promise<void>;
  /** False when an entry with this id exists. */
  insertLedgerEntry(entry: LedgerEntry): Promise<boolean>;
  /** Decimal text: the sum of all amounts. */
  balance(traderId: TraderId): Promise<string>;
  /** The same of every trader that has an entry. */
  balances(): Promise<ReadonlyMap<TraderId, string>>;
  /** Sum of realized_pnl, fee and funding since the moment, decimal text. */
  realizedSince(traderId: TraderId, since: Timestamp): Promise<string>;
  /** The same over all traders. */
  allRealizedSince(since: Timestamp): Promise<string>;
  /**
   * The balance curve rebuilt from the ledger: the highest balance so far (deposits alone move peak and balance alike, so a deposit
   * is no profit) and the balance now, decimal text.
   */
  drawdown(traderId: TraderId): Promise<{ readonly peak: string; readonly balance: string }>;
  /** When the newest position with a net loss (realized PnL − fees + funding < 0) was closed; null = never. */
  lastLossAt(traderId: TraderId): Promise<Timestamp | null>;
  /** Inserts, or replaces the point of the same trader and moment. */
  insertEquityPoints(points: readonly EquityPoint[]): Promise<void>;
  /** Keeps only the first point of each `bucketMs` among those in `from ≤ at < before`, all traders; returns how many went. */
  thinEquityPoints(range: { readonly from: Timestamp; readonly before: Timestamp; readonly bucketMs: number }): Promise<number>;
}

/** What watches over the order path: protection, kills, comparison with the venue. */
export interface SafetyStore {
  /** Insert or replace by position. */
  saveProtection(protection: Protection): Promise<void>;
  getProtection(positionId: PositionId): Promise<Protection | null>;
  /** Of open positions whose `bareSince` is set, all traders. */
  listBare(): Promise<readonly Protection[]>;
  insertKill(kill: Kill): Promise<void>;
  /** Replaces report, end and disarming. */
  updateKill(kill: Kill): Promise<void>;
  getKill(id: KillId): Promise<Kill | null>;
  /** As getKill, and holds the row until the transaction ends. */
  lockKill(id: KillId): Promise<Kill | null>;
  /** Not disarmed and no drill, of the instance and of single traders, oldest first. */
  listArmedKills(): Promise<readonly Kill[]>;
  /** Started and not finished, e.g. because the process died: they have to be carried on. */
  listUnfinishedKills(): Promise<readonly Kill[]>;
  /** True while a kill of the trader or of the instance is armed. A kill raises the generation of every trader it stops in its own transaction. */
  isKilled(traderId: TraderId): Promise<boolean>;
  /** False when an adjustment with this id exists. */
  insertAdjustment(adjustment: Adjustment): Promise<boolean>;
  /** Insert or replace by trader. */
  saveReconciliation(reconciliation: Reconciliation): Promise<void>;
  getReconciliation(traderId: TraderId): Promise<Reconciliation | null>;
  /** Insert or replace by trader and venue order id. */
  saveExternalOrder(order: ExternalOrder): Promise<void>;
  /** Those that still rest. */
  listExternalOrders(traderId: TraderId): Promise<readonly ExternalOrder[]>;
}

/** Topics of the live stream; the name is also the WebSocket channel's message type. */
export const EVENT_TOPICS = [
  'run.created',
  'run.finished',
  'decision.made',
  'order.changed',
  'fill.booked',
  'position.changed',
  'equity.sampled',
  'protection.changed',
  'adjustment.booked',
  'kill.changed',
  'reconciliation.finished',
  'trader.changed',
  'alert.raised',
  'alert.acknowledged',
] as const;
export type EventTopic = (typeof EVENT_TOPICS)[number];

/** One entry of the live stream; `payload` carries ids and the few values a one-line message needs. */
export interface StreamEvent {
  readonly seq: number;
  readonly at: Timestamp;
  readonly ownerId: UserId;
  readonly traderId: TraderId | null;
  readonly topic: EventTopic;
  readonly payload: Json;
}

/** One link of the hash-chained audit log. `actor` is `user:<id>`, `system` or `run:<id>`. */
export interface AuditEntry {
  readonly seq: number;
  readonly at: Timestamp;
  readonly ownerId: UserId;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: Json;
  readonly previousHash: string;
  readonly hash: string;
}

export interface JournalStore {
  /** Appends to the live stream; readers see it after the commit, in an order consistent with `seq`. */
  publish(event: PublishedEvent): Promise<void>;
  /** Appends to the audit chain: hash = SHA-256(previousHash + canonical JSON of the entry without hash). */
  audit(entry: Omit<AuditEntry, 'seq' | 'previousHash' | 'hash'>): Promise<void>;
  insertAlert(alert: Alert): Promise<void>;
  getAlert(id: AlertId): Promise<Alert | null>;
  updateAlert(alert: Alert): Promise<void>;
  /** True while an alert with the code for this trader is not acknowledged. */
  hasOpenAlert(traderId: TraderId, code: string): Promise<boolean>;
  getSetting(key: string): Promise<Json | null>;
  putSetting(key: string, value: Json): Promise<void>;
}

export interface JobStore {
  /** Wakes the trader's lane after the commit; many wakes before it runs are one. */
  wake(traderId: TraderId): Promise<void>;
  /** The epoch of the trader's lane, raised by every take-over; the row is held until the transaction ends. 0 = no lane yet. */
  laneEpoch(traderId: TraderId): Promise<number>;
  /** Asks for `onSlot(bindingId, index, slot)` at the slot; asking again for the same slot is nothing new. */
  scheduleSlot(slot: { readonly bindingId: BindingId; readonly triggerIndex: number; readonly at: Timestamp }): Promise<void>;
}

/** A uniqueness rule of the store was hit; `rule` is stable. */
export class Conflict extends Error {
  readonly rule: string;

  constructor(rule: string) {
    super(`Expected a value that is not taken, hit ${rule}.`);
    this.name = 'Conflict';
    this.rule = rule;
  }
}
