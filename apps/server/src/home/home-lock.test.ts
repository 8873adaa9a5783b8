import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StartProblem } from '../start-problem.ts';
import { lockHome } from './home-lock.ts';
import { startOf } from './process-identity.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hyperoru-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, 'hyperoru.lock');
const plant = (content: string) => writeFileSync(file(), content);

describe('lockHome', () => {
  it('lets one process in and the next after the release', () => {
    const lock = lockHome(folder);
    expect(() => lockHome(folder)).toThrow(StartProblem);
    expect(() => lockHome(folder)).toThrow(/already running.*HYPERORU_HOME/);
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
    lockHome(folder).release();
  });

  it('takes over from a process that is gone', () => {
    plant(JSON.stringify({ pid: 2 ** 22 + 1, start: 'x' }));
    lockHome(folder).release();
  });

  it('takes over from a process whose id was given to another one since', () => {
    plant(JSON.stringify({ pid: process.ppid, start: 'a boot long ago' }));
    lockHome(folder).release();
    plant(JSON.stringify({ pid: process.pid, start: 'a boot long ago' }));
    lockHome(folder).release();
  });

  it('stands back from a living process', () => {
    plant(JSON.stringify({ pid: process.ppid, start: startOf(process.ppid) }));
    expect(() => lockHome(folder)).toThrow(new RegExp(`process ${process.ppid}`));
  });

  it.each(['', '{', '"x"', '{"pid":"7"}', '{"pid":-1}'])('takes over a lock that says nothing: %s', (content) => {
    plant(content);
    lockHome(folder).release();
  });

  it('does not remove the lock of somebody who took over', () => {
    const lock = lockHome(folder);
    plant('{"pid":1,"start":"other"}');
    lock.release();
    expect(readFileSync(file(), 'utf8')).toContain('other');
  });

  it('says which folder cannot be written, and the fix', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => lockHome(join(folder, 'file', 'home'))).toThrow(/cannot be written.*HYPERORU_HOME/);
  });
});
