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

/** The parts of one transaction. A part is a thin object around the context: nothing is worth keeping. */
export class MemoryStoreTx implements StoreTx {
  readonly context: TxContext;

  constructor(context: TxContext) {
    this.context = context;
  }

  get users(): UserStore {
    return userStore(this.context);
  }
  get traders(): TraderStore {
    return traderStore(this.context);
  }
  get prompts(): PromptStore {
    return promptStore(this.context);
  }
  get bindings(): BindingStore {
    return bindingStore(this.context);
  }
  get runs(): RunStore {
    return runStore(this.context);
  }
  get orders(): OrderStore {
    return orderStore(this.context);
  }
  get portfolio(): PortfolioStore {
    return portfolioStore(this.context);
  }
  get safety(): SafetyStore {
    return safetyStore(this.context);
  }
  get journal(): JournalStore {
    return journalStore(this.context);
  }
  get jobs(): JobStore {
    return jobStore(this.context);
  }
}
