import { afterEach, beforeEach } from 'vitest';
import { type MemoryPipeline, openMemoryPipeline } from './memory-pipeline.ts';
import type { Bound, Pipeline } from './pipeline.ts';

/** What a test begins with: a pipeline in memory and one trader with a binding. */
export interface FreshPipeline {
  readonly memory: MemoryPipeline;
  readonly p: Pipeline;
  readonly bound: Bound;
}

/** Gives every test of the file a pipeline of its own, and closes it. */
export function freshPipeline(take: (fresh: FreshPipeline) => void): void {
  let memory: MemoryPipeline;
  beforeEach(async () => {
    memory = await openMemoryPipeline();
    take({ memory, p: memory.pipeline, bound: await memory.pipeline.newTrader() });
  });
  afterEach(() => memory.close());
}
