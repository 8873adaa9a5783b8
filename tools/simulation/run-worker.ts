import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { SliceSummary, WorkerLine } from './lines.ts';

/** A seed makes much that dies young: fewer, larger collections. */
const GROWS_SELDOM = ['--max-semi-space-size=64'];

export interface SliceOptions {
  readonly first: number;
  readonly count: number;
  readonly stopsAtFailure?: boolean;
  readonly printsHashes?: boolean;
}

export interface SliceResult {
  readonly summary: SliceSummary;
  readonly bad: readonly Extract<WorkerLine, { kind: 'bad' }>[];
  readonly hashes: ReadonlyMap<number, string>;
}

/** Runs one slice in a process of its own. Throws with its last words when it did not finish. */
export async function runWorker(file: string, options: SliceOptions): Promise<SliceResult> {
  const { first, count, stopsAtFailure = false, printsHashes = false } = options;
  const args = [...GROWS_SELDOM, file, String(first), String(count), stopsAtFailure ? '1' : '0', printsHashes ? '1' : '0'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const bad: Extract<WorkerLine, { kind: 'bad' }>[] = [];
  const hashes = new Map<number, string>();
  let summary: SliceSummary | null = null;
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = `${errors}${chunk}`.slice(-2_000);
  });
  for await (const text of createInterface({ input: child.stdout })) {
    const line: WorkerLine = JSON.parse(text);
    if (line.kind === 'bad') bad.push(line);
    else if (line.kind === 'hash') hashes.set(line.seed, line.hash);
    else summary = line.summary;
  }
  if (summary === null) throw new Error(`Expected the worker to finish its seeds from ${first} on; its last words: ${errors}`);
  return { summary, bad, hashes };
}

/** Splits the seeds over this many processes and sums up. */
export async function runInParallel(file: string, options: SliceOptions, processes: number): Promise<SliceResult> {
  const share = Math.ceil(options.count / processes);
  const slices = Array.from({ length: processes }, (_, index) => ({
    ...options,
    first: options.first + index * share,
    count: Math.max(0, Math.min(share, options.count - index * share)),
  }));
  const results = await Promise.all(slices.map((slice) => runWorker(file, slice)));
  return {
    summary: results.map(({ summary }) => summary).reduce(addSummaries),
    bad: results.flatMap(({ bad }) => bad),
    hashes: new Map(results.flatMap(({ hashes }) => [...hashes])),
  };
}

export function addSummaries(a: SliceSummary, b: SliceSummary): SliceSummary {
  return {
    seeds: a.seeds + b.seeds,
    bad: a.bad + b.bad,
    orders: a.orders + b.orders,
    entries: a.entries + b.entries,
    boots: a.boots + b.boots,
    hits: addCounts(a.hits, b.hits),
    reached: addCounts(a.reached, b.reached),
    troubles: addCounts(a.troubles, b.troubles),
    ms: Math.max(a.ms, b.ms),
  };
}

function addCounts(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const sums: Record<string, number> = { ...a };
  for (const [key, value] of Object.entries(b)) sums[key] = (sums[key] ?? 0) + value;
  return sums;
}
