import type { MemoryDatabase } from '@hyperoru/testkit';
import type { Side } from './sides/side.ts';
import type { Witness } from './witness.ts';

/** Nothing that is logged, stored, shown to a model or told to a person contains what only the adapter of a venue may know (I10). */
export class Secrecy {
  readonly #secrets: () => readonly string[];
  readonly #witness: Witness;

  constructor({ side, witness }: { readonly side: Side; readonly witness: Witness }) {
    this.#secrets = () => side.secrets();
    this.#witness = witness;
  }

  /** `text` leaves the process at `where`. */
  heard(where: string, text: string): void {
    if (this.#secrets().some((secret) => text.includes(secret))) this.#witness.report('I10', `a secret is in ${where}`);
  }

  /** Everything that is stored; what is not secret by itself is not encrypted. */
  search(tables: MemoryDatabase['tables']): void {
    if (this.#secrets().length === 0) return;
    const { orders, orderHistory, alerts, runs, decisions, modelCalls, kills, adjustments, externalOrders, reconciliations } = tables;
    const all = { orders, orderHistory, alerts, runs, decisions, modelCalls, kills, adjustments, externalOrders, reconciliations };
    for (const [name, table] of Object.entries(all)) this.heard(`the table ${name}`, JSON.stringify(table.all(null)));
    this.heard('the audit trail', JSON.stringify(tables.journal.audit));
    this.heard('the live stream', JSON.stringify(tables.journal.events));
  }
}
