import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { findOrInstallChromium } from './chromium.ts';
import { judgeCoverage } from './coverage.ts';
import { startExternalPostgres } from './external-postgres.ts';
import { runSuite, type Suite } from './run-suite.ts';
import { addTallies, closingLine, DID_NOT_RUN, type Tally, tallyVitest } from './tally.ts';

const MINUTE_MS = 60_000;
const root = resolve(import.meta.dirname, '../..');

/** Set by the fresh-clone proof: the clone runs what needs no browser and does not clone again. */
const isFreshClone = process.env['HYPERORU_FRESH'] === '1';

const readTally = (text: string): Tally => JSON.parse(text) as Tally;

/** What must hold on any PostgreSQL, not only on the one that comes with the product. */
const ON_EXTERNAL_POSTGRES = [
  'packages/adapters/src/store/postgres-store.test.ts',
  'packages/adapters/src/store/jobs',
  'tests/engine/pipeline.test.ts',
];

function vitestSuite(
  title: string,
  projects: readonly string[],
  timeMsMax: number,
  { env = {}, files = [] }: { readonly env?: Readonly<Record<string, string>>; readonly files?: readonly string[] } = {},
): Suite {
  const reporters = ['--reporter=default', '--reporter=json', '--slowTestThreshold=10000'];
  const args = ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...projects.map((name) => `--project=${name}`), ...files];
  return { title, args: (record) => [...args, `--outputFile.json=${record}`], read: tallyVitest, timeMsMax, env };
}

/** The rules and the order path on the store in memory, and whether they try every branch of it. */
function coveredSuite(title: string, timeMsMax: number): Suite {
  const suite = vitestSuite(title, ['unit'], timeMsMax);
  const reportIn = (folder: string): string => join(folder, 'coverage');
  const flags = ['--coverage.enabled', '--coverage.reporter=json', '--coverage.reportOnFailure'];
  return {
    ...suite,
    args: (record) => [...suite.args(record), ...flags, `--coverage.reportsDirectory=${reportIn(dirname(record))}`],
    read: (text, folder) => {
      const covered = judgeCoverage(readFileSync(join(reportIn(folder), 'coverage-final.json'), 'utf8'), root);
      process.stdout.write(`${covered.lines.join('\n')}\n`);
      return addTallies([tallyVitest(text), covered.tally]);
    },
  };
}

function scriptSuite(title: string, script: string, timeMsMax: number, args: readonly string[] = []): Suite {
  return { title, args: (record) => ['--import', 'tsx', script, ...args, `--record=${record}`], read: readTally, timeMsMax };
}

async function runExternalPostgresSuite(): Promise<Tally> {
  const title = 'on another PostgreSQL';
  const server = await startExternalPostgres();
  if ('problem' in server) {
    process.stdout.write(`\n── ${title}: FAILED\n${server.problem}\n`);
    return DID_NOT_RUN;
  }
  try {
    const env = { HYPERORU_TEST_DATABASE_URL: server.url };
    return await runSuite(vitestSuite(title, ['integration'], 6 * MINUTE_MS, { env, files: ON_EXTERNAL_POSTGRES }), root);
  } finally {
    await server.stop();
  }
}

async function runBrowserSuite(): Promise<Tally> {
  const chromium = findOrInstallChromium();
  if ('path' in chromium) {
    return runSuite(vitestSuite('in a browser', ['browser'], 8 * MINUTE_MS, { env: { CHROMIUM_PATH: chromium.path } }), root);
  }
  process.stdout.write(`\n── in a browser: FAILED\n${chromium.problem}\n`);
  return DID_NOT_RUN;
}

const tallies: Tally[] = [];
tallies.push(await runSuite(scriptSuite('house rules', 'tools/check.ts', 4 * MINUTE_MS), root));
tallies.push(await runSuite(coveredSuite('rules and order path', 5 * MINUTE_MS), root));
tallies.push(await runSuite(vitestSuite('adapters, server, dashboard', ['integration', 'web'], 10 * MINUTE_MS), root));
if (!isFreshClone) {
  tallies.push(await runExternalPostgresSuite());
  tallies.push(await runBrowserSuite());
  tallies.push(
    await runSuite(
      scriptSuite('kill -9 of the running product', 'tools/campaign-kills.ts', 12 * MINUTE_MS, ['--kills=100', '--seed=12']),
      root,
    ),
  );
  tallies.push(
    await runSuite(
      scriptSuite('seeds of trouble', 'tools/simulation-suite.ts', 12 * MINUTE_MS, ['--seeds=3000', '--twice=200', '--mutants=0']),
      root,
    ),
  );
  tallies.push(await runSuite(scriptSuite('npm start in a fresh clone', 'tools/fresh-start.ts', 8 * MINUTE_MS), root));
  tallies.push(await runSuite(scriptSuite('npm test in a fresh clone', 'tools/fresh-test.ts', 12 * MINUTE_MS), root));
}
const total = addTallies(tallies);
process.stdout.write(`\n${closingLine(total)}\n`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
