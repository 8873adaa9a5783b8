import {
  asId,
  type Binding,
  decimal,
  type ExternalOrder,
  type Order,
  type OrderPurpose,
  type Position,
  type Prompt,
  type PromptVersion,
  type Protection,
  type Reconciliation,
  type Run,
  type Timestamp,
  type Trader,
  type TraderId,
  type UserId,
} from '@hyperoru/domain';
import { type EngineDeps, fireTrigger, type Ids, type Store, type StoreTx } from '@hyperoru/engine';
import { BTC, ETH } from '../factories/market.ts';

/** What a new account of a scenario holds. */
export const PIPELINE_BALANCE = '10000';

/** What the database says, and rows a scenario starts from. */
export class Records {
  readonly #store: Store;
  readonly #ids: Ids;
  #ownerId: UserId | null = null;

  constructor(store: Store, ids: Ids) {
    this.#store = store;
    this.#ids = ids;
  }

  get ownerId(): UserId {
    if (this.#ownerId === null) throw new Error('Expected an owner to be inserted first.');
    return this.#ownerId;
  }

  async insertOwner(id: UserId, at: Timestamp): Promise<void> {
    this.#ownerId = id;
    await this.read((tx) => tx.users.insert({ id, username: 'ada', email: null, role: 'owner', createdAt: at }, 'hash'));
  }

  /** Another person of the instance. */
  async insertMember(username: string, at: Timestamp): Promise<UserId> {
    const id = asId<UserId>(this.#ids.uuid());
    await this.read((tx) => tx.users.insert({ id, username, email: null, role: 'member', createdAt: at }, 'hash'));
    return id;
  }

  /** The trader with its deposit, a prompt of this template and a binding for BTC and ETH. */
  async insertTrader(trader: Trader, template: string, at: Timestamp): Promise<Binding> {
    const version: PromptVersion = {
      id: asId(this.#ids.uuid()),
      promptId: asId(this.#ids.uuid()),
      number: 1,
      content: template,
      contentHash: this.#ids.hash(template),
      createdAt: at,
    };
    const prompt: Prompt = {
      id: version.promptId,
      ownerId: trader.ownerId,
      name: `Prompt of ${trader.name}`,
      currentVersionId: version.id,
      createdAt: at,
      updatedAt: at,
      deletedAt: null,
    };
    const binding: Binding = {
      id: asId(this.#ids.uuid()),
      traderId: trader.id,
      promptId: prompt.id,
      symbols: [BTC, ETH],
      triggers: [{ type: 'schedule', intervalSeconds: 60 }],
      params: {},
      enabled: true,
      createdAt: at,
      updatedAt: at,
      deletedAt: null,
    };
    await this.read(async (tx) => {
      await tx.traders.insert(trader);
      await tx.prompts.insert(prompt, version);
      await tx.bindings.insert(binding);
      await tx.portfolio.insertLedgerEntry({
        id: this.#ids.derived('deposit', trader.id),
        traderId: trader.id,
        kind: 'deposit',
        amount: decimal(PIPELINE_BALANCE),
        symbol: null,
        fillId: null,
        positionId: null,
        at,
      });
    });
    return binding;
  }

  fire(deps: EngineDeps, event: { readonly trader: Trader; readonly binding: Binding; readonly eventId: string; readonly at: Timestamp }) {
    return this.read((tx) => fireTrigger(deps, tx, { ...event, cause: 'manual' }));
  }

  async trader(id: TraderId): Promise<Trader> {
    return found(await this.read((tx) => tx.traders.get(id)), id);
  }

  async updateTrader(id: TraderId, change: Partial<Trader>): Promise<void> {
    await this.read(async (tx) => tx.traders.update({ ...found(await tx.traders.lock(id), id), ...change }));
  }

  /** As the owner does it: paused or resumed, under a new generation. */
  async setActive(id: TraderId, isActive: boolean): Promise<void> {
    const { generation } = await this.trader(id);
    await this.updateTrader(id, { isActive, generation: generation + 1 });
  }

  async run(id: Run['id']): Promise<Run> {
    return found(await this.read((tx) => tx.runs.get(id)), id);
  }

  decisions(run: Pick<Run, 'id'>) {
    return this.read((tx) => tx.runs.listDecisions(run.id));
  }

  modelCalls(run: Pick<Run, 'id'>) {
    return this.read((tx) => tx.runs.listModelCalls(run.id));
  }

  /** Every order that came of the run's decisions, oldest first; with `purpose` only those. */
  async ordersOf(run: Pick<Run, 'id'>, purpose?: OrderPurpose): Promise<readonly Order[]> {
    return this.read(async (tx) => {
      const all: Order[] = [];
      for (const { id } of await tx.runs.listDecisions(run.id)) all.push(...(await tx.orders.listByDecision(id)));
      return all.filter((order) => purpose === undefined || order.purpose === purpose);
    });
  }

  async order(id: Order['id']): Promise<Order> {
    return found(await this.read((tx) => tx.orders.get(id)), id);
  }

  orderOf(clientOrderId: string): Promise<Order | null> {
    return this.read((tx) => tx.orders.findByClientOrderId(clientOrderId));
  }

  openOrders(id: TraderId): Promise<readonly Order[]> {
    return this.read((tx) => tx.orders.listOpen(id));
  }

  positions(id: TraderId): Promise<readonly Position[]> {
    return this.read((tx) => tx.portfolio.listOpenPositions(id));
  }

  /** What the watch stored of the open position in a symbol. */
  async protection(id: TraderId, symbol = BTC): Promise<Protection | null> {
    return this.read(async (tx) => {
      const position = await tx.portfolio.openPosition(id, symbol);
      return position === null ? null : tx.safety.getProtection(position.id);
    });
  }

  reconciliation(id: TraderId): Promise<Reconciliation | null> {
    return this.read((tx) => tx.safety.getReconciliation(id));
  }

  externalOrders(id: TraderId): Promise<readonly ExternalOrder[]> {
    return this.read((tx) => tx.safety.listExternalOrders(id));
  }

  closed(id: TraderId): Promise<readonly Position[]> {
    return this.read((tx) => tx.portfolio.listRecentClosed(id, 100));
  }

  balance(id: TraderId): Promise<string> {
    return this.read((tx) => tx.portfolio.balance(id));
  }

  hasOpenAlert(id: TraderId, code: string): Promise<boolean> {
    return this.read((tx) => tx.journal.hasOpenAlert(id, code));
  }

  read<T>(work: (tx: StoreTx) => Promise<T>): Promise<T> {
    return this.#store.transaction(work);
  }
}

function found<T>(row: T | null, id: string): T {
  if (row === null) throw new Error(`Expected a row of ${id}, found none.`);
  return row;
}
