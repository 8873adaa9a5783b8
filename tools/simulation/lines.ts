/** What a slice of seeds came to. */
export interface SliceSummary {
  readonly seeds: number;
  readonly bad: number;
  readonly orders: number;
  readonly entries: number;
  readonly boots: number;
  /** Times each fault of the venue hit. */
  readonly hits: Record<string, number>;
  /** Seeds that met each situation. */
  readonly reached: Record<string, number>;
  /** Seeds that knew each trouble. */
  readonly troubles: Record<string, number>;
  readonly ms: number;
}

/** One line of a worker's output. */
export type WorkerLine =
  | { readonly kind: 'hash'; readonly seed: number; readonly hash: string }
  | { readonly kind: 'bad'; readonly seed: number; readonly problems: readonly string[]; readonly troubles: readonly string[] }
  | { readonly kind: 'summary'; readonly summary: SliceSummary };
