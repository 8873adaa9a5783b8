/**
 * The product in a process of its own, from its sources, with request limits out of the way: a bench asks faster than a person may.
 * Prints `{"url", "scriptedBaseUrl"}` when it is ready; ends on SIGTERM.
 */
import { createRedactor } from '@hyperoru/adapters';
import { readConfig } from '../apps/server/src/config.ts';
import { startProduct } from '../apps/server/src/product.ts';
import { quietLog } from '../tests/setup/quiet-log.ts';

const UNLIMITED = 100_000_000;

const settings = readConfig();
if (!settings.ok) throw new Error(settings.problems.join(' '));
const product = await startProduct({
  config: settings.config,
  log: quietLog,
  redactor: createRedactor(),
  webRoot: null,
  limits: { requestsPerMinute: UNLIMITED, credentialsPerMinute: UNLIMITED },
});
process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${product.port}`, scriptedBaseUrl: product.scriptedBaseUrl })}\n`);
process.once('SIGTERM', () => {
  product.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
