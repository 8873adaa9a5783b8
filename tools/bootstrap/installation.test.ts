import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isInstalled } from './installation.mjs';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hyperoru-installation-'));
  writeLock('1.0.0');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function writeLock(version: string): void {
  const packages = {
    '': { name: 'fixture' },
    'node_modules/a': { version },
    'node_modules/only-on-another-platform': { version: '1.0.0', optional: true },
  };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
}

function writeNpmRecord(packages: Readonly<Record<string, unknown>>): void {
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
}

describe('an installation', () => {
  test('is missing without node_modules', () => {
    expect(isInstalled(root)).toBe(false);
  });

  test('made by hand counts when it names every package of the lock file', () => {
    writeNpmRecord({ 'node_modules/a': { version: '1.0.0' } });
    expect(isInstalled(root)).toBe(true);
  });

  test('made by hand does not count with another version', () => {
    writeNpmRecord({ 'node_modules/a': { version: '1.0.1' } });
    expect(isInstalled(root)).toBe(false);
  });

  test('that was interrupted does not count: npm writes its record last', () => {
    mkdirSync(join(root, 'node_modules/a'), { recursive: true });
    expect(isInstalled(root)).toBe(false);
  });

  test('is out of date when the lock file changed afterwards', () => {
    writeNpmRecord({ 'node_modules/a': { version: '1.0.0' } });
    expect(isInstalled(root)).toBe(true);
    writeLock('1.1.0');
    expect(isInstalled(root)).toBe(false);
  });
});
