import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boundLogFile, logTail } from './log-file.ts';

describe('the log of the embedded database', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hyperoru-log-'));
    file = join(folder, 'postgres.log');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is left alone up to its bound and cut beyond it, with the older part kept once', () => {
    writeFileSync(file, 'x'.repeat(100));
    boundLogFile(file, 100);
    expect(existsSync(`${file}.1`)).toBe(false);
    boundLogFile(file, 99);
    expect(readFileSync(file, 'utf8')).toBe('');
    expect(readFileSync(`${file}.1`, 'utf8')).toHaveLength(100);
    boundLogFile(join(folder, 'none.log'));
  });

  it('shows its end only', () => {
    expect(logTail(file)).toBe('');
    writeFileSync(file, `${'a'.repeat(5_000)}\nFATAL: no room\n`);
    expect(logTail(file)).toMatch(/^a+\nFATAL: no room$/);
    expect(logTail(file).length).toBeLessThan(2_001);
  });
});
