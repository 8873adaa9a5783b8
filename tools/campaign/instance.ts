import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_POLL_MS = 20;
const READY_WAIT_MS_MAX = 60_000;

export interface InstanceOptions {
  readonly home: string;
  readonly port: number;
  readonly outputFile: string;
  /** What the product is configured with besides. */
  readonly env: Readonly<Record<string, string>>;
}

/** The built product as a process group of its own, so that one signal reaches everything it started. */
export class Instance {
  readonly url: string;
  readonly #options: InstanceOptions;
  #child: ChildProcess | null = null;

  constructor(options: InstanceOptions) {
    this.#options = options;
    this.url = `http://127.0.0.1:${options.port}`;
  }

  /** Starts it and waits until `/api/ready` answers 200; returns how long that took, ms. */
  async start(): Promise<number> {
    const { home, port, env, outputFile } = this.#options;
    const began = performance.now();
    const child = spawn(process.execPath, ['apps/server/dist/main.js', 'start'], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        HOME: home,
        HYPERORU_HOME: `${home}/data`,
        HYPERORU_KEY_FILE: `${home}/key/key`,
        PORT: String(port),
        ...env,
      },
    });
    const output = createWriteStream(outputFile, { flags: 'a' });
    child.stdout?.pipe(output, { end: false });
    child.stderr?.pipe(output, { end: false });
    this.#child = child;
    while (performance.now() - began < READY_WAIT_MS_MAX) {
      if (child.exitCode !== null) throw new Error(`Expected the product to run, it ended with ${child.exitCode}; see ${outputFile}.`);
      const answer = await fetch(`${this.url}/api/ready`).catch(() => null);
      if (answer?.status === 200) return performance.now() - began;
      await sleep(READY_POLL_MS);
    }
    throw new Error(`Expected /api/ready within ${READY_WAIT_MS_MAX} ms; see ${outputFile}.`);
  }

  /** kill -9 of its process group. The embedded database is in a session of its own and lives on. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL', true);
  }

  /** Clean stop by SIGTERM. */
  async stop(): Promise<number | null> {
    return this.#end('SIGTERM', false);
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM', wholeGroup: boolean): Promise<number | null> {
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    process.kill(wholeGroup ? -child.pid : child.pid, signal);
    await ended;
    this.#child = null;
    return child.exitCode;
  }
}

/** A JSON call with the session's token; throws with status and body on anything but 2xx. */
export async function call<T>(
  url: string,
  options: { readonly method?: string; readonly token?: string; readonly body?: unknown } = {},
): Promise<T> {
  const answer = await fetch(url, {
    method: options.method ?? 'GET',
    headers: {
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${options.method ?? 'GET'} ${url}: ${answer.status} ${text.slice(0, 300)}`);
  return (text === '' ? null : JSON.parse(text)) as T;
}
