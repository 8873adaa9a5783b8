import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LogFile } from './log-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hyperoru-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('appends, is readable by its owner only, and goes on where it ended', () => {
  const path = join(folder, 'logs', 'a.log');
  for (const line of ['one\n', 'two\n']) {
    const log = new LogFile(path);
    log.write(line);
    log.close();
  }
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  expect(statSync(path).mode & 0o077).toBe(0);
});

it('never takes more than twice its bound and one line', () => {
  const path = join(folder, 'a.log');
  const log = new LogFile(path, 100);
  for (let line = 0; line < 100; line += 1) log.write(`${String(line).padStart(9, '0')}\n`);
  log.close();
  expect(statSync(path).size).toBeLessThanOrEqual(110);
  expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(110);
  expect(readFileSync(path, 'utf8')).toContain('000000099');
});

it('goes on without the lines that cannot be written, and says why', () => {
  const log = new LogFile(join(folder, 'a.log'), 5);
  log.write('a line that fills it\n');
  rmSync(folder, { recursive: true, force: true });
  log.write('lost\n');
  expect(log.lostBecause).toMatch(/ENOENT/);
});
