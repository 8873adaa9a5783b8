/** Which accounts hold long and short side by side (hedge mode); the others hold one net position per symbol. */
export class PositionModes {
  readonly #hedged = new Set<string>();

  isHedge(accountId: string): boolean {
    return this.#hedged.has(accountId);
  }

  set(accountId: string, isHedge: boolean): void {
    if (isHedge) this.#hedged.add(accountId);
    else this.#hedged.delete(accountId);
  }
}
