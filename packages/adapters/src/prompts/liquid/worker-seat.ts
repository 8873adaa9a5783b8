import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Clock } from '@hyperoru/engine';
import type { EngineAnswer, EngineRequest } from './liquid-engine.ts';

/** A rendering that takes longer is ended with its thread. */
const KILL_AFTER_MS = 300;
/** A thread that is not ready by then will not be. */
const READY_WITHIN_MS = 15_000;
const OLD_GENERATION_MB = 64;
const YOUNG_GENERATION_MB = 16;
const STACK_MB = 2;

/** `null` = the thread was ended: too slow, or out of memory. */
export type SeatAnswer = EngineAnswer | null;

/** A place for one warm worker thread, refilled after a kill. One request at a time. */
export interface WorkerSeat {
  run(request: EngineRequest): Promise<SeatAnswer>;
  close(): Promise<void>;
}

export function workerSeat(clock: Clock, workerPath: string): WorkerSeat {
  let warm: Promise<Worker> | null = null;
  return {
    run: async (request) => {
      warm ??= startWorker(clock, workerPath);
      const current = warm;
      try {
        const answer = await ask(clock, await current, request);
        if (answer !== null) return answer;
      } catch (error) {
        warm = null;
        throw error;
      }
      await end(current);
      warm = startWorker(clock, workerPath);
      // The failure belongs to the next request, which awaits this promise and reports it.
      warm.catch(() => undefined);
      return null;
    },
    close: async () => {
      const last = warm;
      warm = null;
      if (last !== null) await end(last);
    },
  };
}

/** Where the worker's code is: beside this file in the sources, `prompt-render-worker.mjs` beside the bundle when built. */
export function defaultWorkerPath(): string {
  const isSource = import.meta.url.endsWith('.ts');
  return fileURLToPath(new URL(isSource ? './render-worker-from-source.mjs' : './prompt-render-worker.mjs', import.meta.url));
}

async function startWorker(clock: Clock, workerPath: string): Promise<Worker> {
  const worker = new Worker(workerPath, {
    env: {},
    argv: [],
    execArgv: [],
    stdin: false,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: OLD_GENERATION_MB, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB, stackSizeMb: STACK_MB },
  });
  // A thread that ends between two requests must not take the process with it; the next request finds it gone.
  worker.on('error', () => undefined);
  const first = await nextMessage(clock, worker, READY_WITHIN_MS);
  if (first.kind !== 'message') {
    await worker.terminate();
    throw new Error(
      `The prompt worker ${workerPath} did not start${first.kind === 'died' ? `: ${first.reason}` : ` within ${READY_WITHIN_MS} ms`}.`,
    );
  }
  worker.unref();
  return worker;
}

async function ask(clock: Clock, worker: Worker, request: EngineRequest): Promise<SeatAnswer> {
  worker.ref();
  const answer = nextMessage(clock, worker, KILL_AFTER_MS);
  worker.postMessage(request);
  const outcome = await answer;
  worker.unref();
  return outcome.kind === 'message' ? (outcome.value as EngineAnswer) : null;
}

type Next =
  | { readonly kind: 'message'; readonly value: unknown }
  | { readonly kind: 'late' }
  | { readonly kind: 'died'; readonly reason: string };

function nextMessage(clock: Clock, worker: Worker, withinMs: number): Promise<Next> {
  return new Promise((resolve) => {
    const timer = new AbortController();
    const settle = (next: Next) => {
      timer.abort();
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      resolve(next);
    };
    const onMessage = (value: unknown) => settle({ kind: 'message', value });
    const onError = (error: unknown) => settle({ kind: 'died', reason: error instanceof Error ? error.message : 'error' });
    const onExit = (code: number) => settle({ kind: 'died', reason: `exit ${code}` });
    worker.once('message', onMessage).once('error', onError).once('exit', onExit);
    clock.sleep(withinMs, timer.signal).then(
      // After a pause of the whole process an answer may lie ready behind this timer: it is looked at first.
      () => setImmediate(() => settle({ kind: 'late' })),
      () => undefined,
    );
  });
}

async function end(worker: Promise<Worker>): Promise<void> {
  const started = await worker.catch(() => null);
  await started?.terminate();
}
