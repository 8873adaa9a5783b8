/** What a gate found. `looked` counts what it examined, so that a gate cannot pass on nothing. */
export interface GateReport {
  readonly looked: number;
  /** One line each: place, what is wrong, what to do. Empty = passed. */
  readonly problems: readonly string[];
}

/** One rule of the house that a machine holds. */
export interface Gate {
  readonly name: string;
  /** Fewest things the gate must have examined in this repository. */
  readonly lookedMin: number;
  readonly run: (root: string) => Promise<GateReport>;
}

/** Runs a gate; finding too little to look at, or throwing, is a failure like any other. */
export async function runGate(gate: Gate, root: string): Promise<GateReport> {
  try {
    const report = await gate.run(root);
    if (report.looked >= gate.lookedMin) return report;
    const tooFew = `Expected to look at ${gate.lookedMin} or more, was ${report.looked}: the gate may be looking in the wrong place.`;
    return { looked: report.looked, problems: [...report.problems, tooFew] };
  } catch (error) {
    return { looked: 0, problems: [`The gate itself failed: ${error instanceof Error ? error.message : String(error)}`] };
  }
}
