import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadOrCreateKey } from './key-file.ts';

let folder: string;
let dataDir: string;
let keyFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hyperoru-key-'));
  dataDir = join(folder, 'home');
  keyFile = join(folder, 'keys', 'master.key');
});
afterEach(() => rmSync(folder, { recursive: true }));
const load = (extra: Partial<Parameters<typeof loadOrCreateKey>[0]> = {}) => loadOrCreateKey({ keyFile, dataDir, envKey: null, ...extra });
const problem = (extra: Parameters<typeof load>[0] = {}) => {
  try {
    load(extra);
    return null;
  } catch (error) {
    return error;
  }
};

describe('loadOrCreateKey', () => {
  it('makes a key file of mode 0600 in a folder of mode 0700 at first start, and reads the same key afterwards', () => {
    const key = load();
    expect(key).toHaveLength(32);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'keys')).mode & 0o777).toBe(0o700);
    expect(readFileSync(keyFile, 'utf8')).toMatch(/^[A-Za-z0-9+/]{43}=\n$/);
    expect(load()).toEqual(key);
    expect(readdirSync(join(folder, 'keys'))).toEqual(['master.key']);
  });

  it('takes the key of the environment in place of the file, and then makes no file', () => {
    const envKey = Buffer.alloc(32, 3).toString('base64');
    expect(load({ envKey })).toEqual(new Uint8Array(32).fill(3));
    expect(existsSync(keyFile)).toBe(false);
  });

  it.each([
    '',
    'short',
    Buffer.alloc(31).toString('base64'),
    Buffer.alloc(33).toString('base64'),
    `${Buffer.alloc(32).toString('base64')}x`,
  ])('refuses %j as key, from both sources, without repeating it', (text) => {
    expect(problem({ envKey: text })).toMatchObject({ code: 'key_invalid' });
    mkdirSync(join(folder, 'keys'));
    writeFileSync(keyFile, text, { mode: 0o600 });
    expect(problem()).toMatchObject({ code: 'key_invalid', message: expect.stringContaining(keyFile) });
    if (text.length > 5) expect(String(problem())).not.toContain(text);
  });

  it('refuses a key file inside the data folder, also through a symbolic link, and creates nothing there', () => {
    expect(problem({ keyFile: join(dataDir, 'master.key') })).toMatchObject({
      code: 'key_inside_data',
      message: expect.stringContaining('HYPERORU_KEY_FILE'),
    });
    expect(problem({ keyFile: dataDir })).toMatchObject({ code: 'key_inside_data' });
    expect(existsSync(dataDir)).toBe(false);
    mkdirSync(dataDir);
    symlinkSync(dataDir, join(folder, 'link'));
    expect(problem({ keyFile: join(folder, 'link', 'deep', 'master.key') })).toMatchObject({ code: 'key_inside_data' });
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('accepts a folder beside the data folder whose name begins alike', () => {
    expect(load({ keyFile: join(folder, 'home-key', 'master.key') })).toHaveLength(32);
    expect(load({ keyFile: join(folder, '..master.key') })).toHaveLength(32);
  });

  it.each([0o640, 0o604, 0o660])('refuses a key file of mode %o and names the command that mends it', (mode) => {
    load();
    chmodSync(keyFile, mode);
    expect(problem()).toMatchObject({ code: 'key_file_open', message: expect.stringContaining(`chmod 600 ${keyFile}`) });
  });

  it('says in one sentence when the path cannot be used', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(problem({ keyFile: join(folder, 'file', 'master.key') })).toMatchObject({ code: 'key_file_unusable' });
    mkdirSync(keyFile, { recursive: true });
    expect(problem()).toMatchObject({ code: 'key_invalid', message: expect.stringContaining('is no key file') });
  });
});
