import type {
  BindingStore,
  JobStore,
  JournalStore,
  OrderStore,
  PortfolioStore,
  PromptStore,
  RunStore,
  SafetyStore,
  StoreTx,
  TraderStore,
  UserStore,
} from '@hyperoru/engine';
import type { TxContext } from './context.ts';
import { jobStore } from './tx/jobs.ts';
import { journalStore } from './tx/journal.ts';
import { orderStore } from './tx/orders.ts';
import { portfolioStore } from './tx/portfolio.ts';
import { runStore } from './tx/runs.ts';
import { safetyStore } from './tx/safety.ts';
import { bindingStore, promptStore, traderStore } from './tx/traders.ts';
import { userStore } from './tx/users.ts';

/** Makes each part when it is first asked for: most transactions use two or three. */
export class MemoryStoreTx implements StoreTx {
  readonly context: TxContext;
  #users: UserStore | null = null;
  #traders: TraderStore | null = null;
  #prompts: PromptStore | null = null;
  #bindings: BindingStore | null = null;
  #runs: RunStore | null = null;
  #orders: OrderStore | null = null;
  #portfolio: PortfolioStore | null = null;
  #safety: SafetyStore | null = null;
  #journal: JournalStore | null = null;
  #jobs: JobStore | null = null;

  constructor(context: TxContext) {
    this.context = context;
  }

  get users(): UserStore {
    this.#users ??= userStore(this.context);
    return this.#users;
  }
  get traders(): TraderStore {
    this.#traders ??= traderStore(this.context);
    return this.#traders;
  }
  get prompts(): PromptStore {
    this.#prompts ??= promptStore(this.context);
    return this.#prompts;
  }
  get bindings(): BindingStore {
    this.#bindings ??= bindingStore(this.context);
    return this.#bindings;
  }
  get runs(): RunStore {
    this.#runs ??= runStore(this.context);
    return this.#runs;
  }
  get orders(): OrderStore {
    this.#orders ??= orderStore(this.context);
    return this.#orders;
  }
  get portfolio(): PortfolioStore {
    this.#portfolio ??= portfolioStore(this.context);
    return this.#portfolio;
  }
  get safety(): SafetyStore {
    this.#safety ??= safetyStore(this.context);
    return this.#safety;
  }
  get journal(): JournalStore {
    this.#journal ??= journalStore(this.context);
    return this.#journal;
  }
  get jobs(): JobStore {
    this.#jobs ??= jobStore(this.context);
    return this.#jobs;
  }
}
