import type { Clock, Log } from '@hyperoru/engine';
import type { StartStream, StreamPlan } from '../exchanges/live/stream-port.ts';
import type { OpenSocket } from './web-socket.ts';

/** A connection is asked this often whether it lives … */
const KEEP_ALIVE_MS = 15_000;
/** … and replaced when nothing at all was heard of it for this long. */
const SILENCE_MS_MAX = 30_000;
const DELAY_MS_MIN = 500;
const DELAY_MS_MAX = 30_000;
/** A connection that stood this long was a good one: the next is tried without delay of its own. */
const GOOD_MS = 10_000;

export interface LiveStreamDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly openSocket: OpenSocket;
}

/** Streams that connect again until they are stopped: after 0.5 to 30 s, longer with every failure, spread at random. */
export function liveStreams(deps: LiveStreamDeps): StartStream {
  return (plan) => {
    const stopped = new AbortController();
    let drop: () => void = () => undefined;
    const run = async (): Promise<void> => {
      let failures = 0;
      while (!stopped.signal.aborted) {
        const lastedMs = await connectOnce(deps, plan, stopped.signal, (current) => {
          drop = current;
        });
        failures = lastedMs >= GOOD_MS ? 0 : failures + 1;
        const longestMs = Math.min(DELAY_MS_MAX, DELAY_MS_MIN * 2 ** Math.max(0, failures - 1));
        const delayMs = Math.round(longestMs * (0.5 + deps.random() / 2));
        await deps.clock.sleep(delayMs, stopped.signal).catch(() => undefined);
      }
    };
    run().catch((error: unknown) => deps.log.error('stream.ended', { stream: plan.name, error: String(error) }));
    return {
      reconnect: () => drop(),
      stop: () => {
        stopped.abort();
        drop();
      },
    };
  };
}

/** One connection from its beginning to its end; resolves with how long it stood, ms. */
async function connectOnce(
  { clock, log, openSocket }: LiveStreamDeps,
  plan: StreamPlan,
  signal: AbortSignal,
  onDrop: (drop: () => void) => void,
): Promise<number> {
  let url: string;
  try {
    url = await plan.url();
  } catch (error) {
    log.warn('stream.no_address', { stream: plan.name, message: error instanceof Error ? error.message : String(error) });
    return 0;
  }
  if (signal.aborted) return 0;
  return new Promise((resolve) => {
    let openedAtMs: number | null = null;
    let heardAtMs = clock.monotonicMs();
    const heard = (): void => {
      heardAtMs = clock.monotonicMs();
    };
    const socket = openSocket(url, {
      open: () => {
        openedAtMs = clock.monotonicMs();
        heard();
        plan.onOpen((text) => socket.send(text));
      },
      message: (text) => {
        heard();
        plan.onMessage(text);
      },
      pong: heard,
      close: () => finish(),
    });
    const cancel = clock.every(KEEP_ALIVE_MS, () => {
      if (clock.monotonicMs() - heardAtMs >= SILENCE_MS_MAX) {
        log.warn('stream.silent', { stream: plan.name });
        finish();
      } else if (plan.keepAlive === null) socket.ping();
      else socket.send(plan.keepAlive);
    });
    let isFinished = false;
    function finish(): void {
      if (isFinished) return;
      isFinished = true;
      cancel();
      socket.close();
      resolve(openedAtMs === null ? 0 : clock.monotonicMs() - openedAtMs);
    }
    onDrop(finish);
  });
}
