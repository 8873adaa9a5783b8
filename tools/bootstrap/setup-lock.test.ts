import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withSetupLock } from './setup-lock.mjs';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hyperoru-lock-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Work that tells when a second one runs inside it. */
function makeExclusiveWork() {
  let running = 0;
  const overlaps: number[] = [];
  const work = async (): Promise<void> => {
    running += 1;
    if (running > 1) overlaps.push(running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  };
  return { work, overlaps };
}

describe('the set-up lock', () => {
  test('lets five starts at once work one after the other', async () => {
    const { work, overlaps } = makeExclusiveWork();
    await Promise.all(Array.from({ length: 5 }, () => withSetupLock(root, work)));
    expect(overlaps).toEqual([]);
  });

  test('is free again after the work failed', async () => {
    await expect(withSetupLock(root, () => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full');
    await withSetupLock(root, () => Promise.resolve());
    expect(readdirSync(join(root, '.cache'))).toEqual([]);
  });

  test('left by a killed start is taken over', async () => {
    mkdirSync(join(root, '.cache'));
    const path = join(root, '.cache/setup.lock');
    writeFileSync(path, 'a process that is gone');
    utimesSync(path, 0, 0);
    const { work, overlaps } = makeExclusiveWork();
    await Promise.all([withSetupLock(root, work), withSetupLock(root, work)]);
    expect(overlaps).toEqual([]);
  });
});
