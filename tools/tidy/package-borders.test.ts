import { describe, expect, test } from 'vitest';
import { findBorderCrossings } from './package-borders.ts';

const importLine = (specifier: string): string => `import { x } from '${specifier}';\n`;

describe('the gate on package borders', () => {
  test('fails for a relative import into another package', () => {
    const file = { path: 'packages/engine/src/orders/submit-order.ts', text: importLine('../../../domain/src/orders/order.ts') };
    expect(findBorderCrossings([file])).toEqual([
      'packages/engine/src/orders/submit-order.ts: "../../../domain/src/orders/order.ts" leaves packages/engine – import by package name.',
    ]);
  });

  test('fails for a re-export and a dynamic import that leave the package', () => {
    const text = "export * from '../../domain/src/index.ts';\nawait import('../../domain/src/index.ts');\n";
    expect(findBorderCrossings([{ path: 'packages/engine/src/a.ts', text }])).toHaveLength(2);
  });

  test('fails for a folder whose name says nothing', () => {
    expect(findBorderCrossings([{ path: 'packages/engine/src/utils/time.ts', text: '' }])).toHaveLength(1);
  });

  test('passes imports inside the package and by package name', () => {
    const text = importLine('../money/decimal.ts') + importLine('@hyperoru/domain');
    expect(findBorderCrossings([{ path: 'packages/engine/src/orders/a.ts', text }])).toEqual([]);
  });

  test('lets a test, and only a test, use the shared set-up of tests', () => {
    const text = importLine('../../../tests/setup/fresh-database.ts');
    expect(findBorderCrossings([{ path: 'packages/adapters/src/store.test.ts', text }])).toEqual([]);
    expect(findBorderCrossings([{ path: 'packages/adapters/src/store.ts', text }])).toHaveLength(1);
  });

  test('lets tests of the whole import an app by its path', () => {
    expect(findBorderCrossings([{ path: 'tests/api/a.test.ts', text: importLine('../../apps/server/src/wiring.ts') }])).toEqual([]);
  });
});
