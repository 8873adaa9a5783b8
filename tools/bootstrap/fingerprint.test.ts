import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fingerprint } from './fingerprint.mjs';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hyperoru-fingerprint-'));
  mkdirSync(join(root, 'src/orders'), { recursive: true });
  writeFileSync(join(root, 'src/orders/order.ts'), 'one');
  writeFileSync(join(root, 'lock.json'), '{}');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const print = (): string => fingerprint(root, ['src', 'lock.json']);

describe('the fingerprint of sources', () => {
  test('is the same for the same content', () => {
    const before = print();
    writeFileSync(join(root, 'src/orders/order.ts'), 'one');
    expect(print()).toBe(before);
  });

  test.each([
    ['a changed file', () => writeFileSync(join(root, 'src/orders/order.ts'), 'two')],
    ['a new file', () => writeFileSync(join(root, 'src/orders/fill.ts'), '')],
    ['a deleted file', () => rmSync(join(root, 'src/orders/order.ts'))],
    ['a changed single file', () => writeFileSync(join(root, 'lock.json'), '{ }')],
  ])('changes with %s', (_what, change) => {
    const before = print();
    change();
    expect(print()).not.toBe(before);
  });

  test.each([
    ['a test', 'src/orders/order.test.ts'],
    ['a generated file', 'src/orders/tree.gen.ts'],
    ['what was built', 'src/dist/main.js'],
  ])('does not change with %s', (_what, path) => {
    const before = print();
    mkdirSync(join(root, 'src/dist'), { recursive: true });
    writeFileSync(join(root, path), 'text');
    expect(print()).toBe(before);
  });
});
