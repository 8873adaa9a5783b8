import { type EngineDeps, listPeople, ownerScope } from '@hyperoru/engine';
import { type ConfigFlags, readConfig } from '../config.ts';
import { followActivity } from '../demo/activity-lines.ts';
import { createDemo } from '../demo/create-demo.ts';
import { PRODUCT_VERSION } from '../http/version.ts';
import { type Product, startProduct } from '../product.ts';
import { failureMessage } from './failures.ts';
import { type Logging, openLogging } from './logging.ts';
import { openTerminal, type Terminal } from './terminal.ts';

const EXIT_INTERRUPTED = 130;

export interface RunFlags extends ConfigFlags {
  readonly jsonLogs?: boolean | undefined;
}

/** Runs the product until a signal. Returns the exit code: 0 after a clean stop, 1 when it could not start. */
export async function runProduct(flags: RunFlags, options: { readonly addDemo: boolean }): Promise<number> {
  const jsonLogs = flags.jsonLogs === true;
  const terminal = openTerminal({ jsonLogs });
  const read = readConfig(flags);
  if (!read.ok) {
    terminal.fail(['Hyperoru cannot start with these settings:', ...read.problems.map((problem) => `  ${problem}`)].join('\n'));
    return 1;
  }
  const stopAsked = firstSignal(terminal);
  let logging: Logging | null = null;
  try {
    logging = openLogging(read.config, { jsonLogs });
    const product = await startProduct({ config: read.config, log: logging.log, redactor: logging.redactor });
    if (options.addDemo) await addDemo(product.deps, product.scriptedBaseUrl, terminal);
    announce(product, logging, terminal);
    const stopLines = await followActivity(product.deps, terminal.say);
    await stopAsked;
    stopLines();
    await product.stop();
    terminal.say('Stopped. Everything is stored.');
    return 0;
  } catch (error) {
    logging?.log.error('start.failed', { error: error instanceof Error ? error.stack : String(error) });
    terminal.fail(failureMessage(error, logging?.file ?? null));
    return 1;
  } finally {
    logging?.close();
  }
}

/** Resolves at the first signal; the second one ends the process at once. */
function firstSignal(terminal: Terminal): Promise<void> {
  let isAsked = false;
  return new Promise((resolve) => {
    const onSignal = () => {
      if (isAsked) process.exit(EXIT_INTERRUPTED);
      isAsked = true;
      terminal.say('Stopping; once more to stop at once.');
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });
}

/** The demo belongs to the oldest owner, or waits for the first one. */
async function addDemo(deps: EngineDeps, baseUrl: string, terminal: Terminal): Promise<void> {
  const people = await deps.store.transaction((tx) => listPeople(tx));
  const owner = people.filter((user) => user.role === 'owner').toSorted((a, b) => a.createdAt - b.createdAt)[0];
  const isNew = await createDemo(deps, { owner: owner === undefined ? null : ownerScope(owner.id), baseUrl, isForced: true });
  if (isNew) terminal.say('The demo traders are there.');
}

function announce(product: Product, logging: Logging, terminal: Terminal): void {
  const lines = [
    '',
    `Hyperoru ${PRODUCT_VERSION} is running.`,
    '',
    `  Dashboard     ${product.url}`,
    ...(product.needsSetup
      ? [`  Set-up token  ${product.setupToken}`, '                Open the dashboard and enter it to create the first user.']
      : []),
    ...(logging.file === null ? [] : [`  Log           ${logging.file}`]),
    '  Stop          Ctrl+C',
    '',
  ];
  terminal.say(lines.join('\n'));
}
