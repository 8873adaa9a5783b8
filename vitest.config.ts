import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = import.meta.dirname;

/** A whole suite may use a real database and a real browser: generous, but bounded, ms. */
const TEST_TIME_MS_MAX = 30_000;
const BROWSER_TEST_TIME_MS_MAX = 240_000;

/** Starts one PostgreSQL for the whole project; every test file gets a database of its own in it. */
const databaseSetup = [join(root, 'tests/setup/database.ts')];

/** Scenarios of the order path: they must hold on the product's own store and paper venue, and on their equals in memory. */
const orderPath = [
  'tests/engine/{faults,kill,model-answers,order-protocol,orders-by-hand,pipeline,protection,protection-watch,reconciliation,risk-gate}.test.ts',
];

const limits = { testTimeout: TEST_TIME_MS_MAX, hookTimeout: TEST_TIME_MS_MAX * 2 };

export default defineConfig({
  test: {
    coverage: {
      provider: 'v8',
      include: ['packages/domain/src/**/*.ts', 'packages/engine/src/{execution,protection,reconciliation,safety}/**/*.ts'],
      exclude: ['**/*.test.ts'],
    },
    projects: [
      {
        test: {
          ...limits,
          name: 'unit',
          provide: { pipelineStore: 'memory' },
          include: [
            'packages/{domain,engine,contracts,testkit}/src/**/*.test.ts',
            'tools/**/*.test.ts',
            'bench/**/*.test.ts',
            ...orderPath,
          ],
        },
      },
      {
        test: {
          ...limits,
          name: 'integration',
          include: ['packages/adapters/src/**/*.test.ts', 'apps/server/src/**/*.test.ts', 'tests/{api,engine,stores}/**/*.test.ts'],
          globalSetup: databaseSetup,
          provide: { pipelineStore: 'postgres' },
        },
      },
      {
        test: {
          ...limits,
          name: 'web',
          root: join(root, 'apps/web'),
          include: ['src/**/*.test.{ts,tsx}'],
          environment: 'happy-dom',
        },
      },
      {
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          testTimeout: BROWSER_TEST_TIME_MS_MAX,
          hookTimeout: BROWSER_TEST_TIME_MS_MAX,
          // One browser and one server at a time: two of each would measure the machine, not the product.
          fileParallelism: false,
          globalSetup: databaseSetup,
        },
      },
    ],
  },
});
