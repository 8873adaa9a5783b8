import { randomBytes } from 'node:crypto';
import type { SecretRow } from '@hyperoru/engine';
import { describeSecrets, type MemorySecretRows, memorySecretRows } from '@hyperoru/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { keyCheck } from './master-key.ts';
import { openSecrets } from './vault.ts';

const KEY = new Uint8Array(32).fill(7);
const OTHER_KEY = new Uint8Array(32).fill(8);
const CANARY = 'sk-canary-6b1f0e9d7c5a3b21';
const REF = { ownerId: 'trader-1', field: 'llm.api_key', origin: 'https://api.openai.com' };

describeSecrets('openSecrets', () => openSecrets({ rows: memorySecretRows(), key: new Uint8Array(randomBytes(32)) }));

let rows: MemorySecretRows;
beforeEach(async () => {
  rows = memorySecretRows();
  await (await openSecrets({ rows, key: KEY })).put(REF, CANARY);
});

const change = (edit: (row: SecretRow) => SecretRow) => {
  for (const [key, row] of rows.rows) rows.rows.set(key, edit(row));
};
const reveal = async () => (await openSecrets({ rows, key: KEY })).reveal(REF);
const flip = (bytes: Uint8Array, bit: number) => bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));

describe('openSecrets', () => {
  it('leaves no trace of the secret in its rows, in any common encoding', () => {
    const bytes = Buffer.concat(
      [...rows.rows.values()].flatMap((row) => [
        Buffer.from(JSON.stringify({ ...row, wrappedDataKey: null, iv: null, ciphertext: null })),
        row.wrappedDataKey,
        row.iv,
        row.ciphertext,
      ]),
    );
    for (const encoding of ['utf8', 'base64', 'hex', 'utf16le'] as const)
      expect(bytes.includes(Buffer.from(Buffer.from(CANARY).toString(encoding)))).toBe(false);
    expect(bytes.includes(Buffer.from(CANARY.slice(0, 8)))).toBe(false);
    expect(bytes.includes(Buffer.from(KEY))).toBe(false);
  });

  it('seals the same secret differently every time', async () => {
    const [first] = [...rows.rows.values()];
    await (await openSecrets({ rows, key: KEY })).put(REF, CANARY);
    const [second] = [...rows.rows.values()];
    expect(second?.iv).not.toEqual(first?.iv);
    expect(second?.ciphertext).not.toEqual(first?.ciphertext);
    expect(second?.wrappedDataKey).not.toEqual(first?.wrappedDataKey);
  });

  it('refuses a row with any bit flipped', async () => {
    const [original] = [...rows.rows.values()];
    if (original === undefined) throw new Error('Expected a row.');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('wrappedDataKey', 'iv', 'ciphertext'), fc.nat(), async (column, draw) => {
        change(() => ({ ...original, [column]: flip(original[column], draw % (original[column].length * 8)) }));
        await expect(reveal()).rejects.toThrow('cannot be read: enter it again');
      }),
      { numRuns: 200 },
    );
  });

  it.each(['ownerId', 'field', 'origin'] as const)('refuses a row moved to another %s', async (column) => {
    const moved = { ...REF, [column]: 'elsewhere' };
    const [original] = [...rows.rows.values()];
    if (original === undefined) throw new Error('Expected a row.');
    await rows.put({ ...original, ...moved });
    await expect((await openSecrets({ rows, key: KEY })).reveal(moved)).rejects.toThrow('was changed or moved');
    expect(await reveal()).toBe(CANARY);
  });

  it('refuses a value under the wrapped data key of another row', async () => {
    const secrets = await openSecrets({ rows, key: KEY });
    const other = { ...REF, field: 'exchange.secret' };
    await secrets.put(other, 'x');
    const donor = await rows.get(other.ownerId, other.field, other.origin);
    change((row) => ({ ...row, wrappedDataKey: donor?.wrappedDataKey ?? row.wrappedDataKey }));
    await expect(reveal()).rejects.toThrow('cannot be read');
  });

  it.each([0, 2, 99])('refuses a row of format version %i', async (version) => {
    change((row) => ({ ...row, version }));
    await expect(reveal()).rejects.toThrow('cannot be read');
  });

  it('refuses cut columns', async () => {
    for (const column of ['wrappedDataKey', 'iv', 'ciphertext'] as const) {
      const before = new Map(rows.rows);
      change((row) => ({ ...row, [column]: row[column].slice(0, 5) }));
      await expect(reveal()).rejects.toThrow('cannot be read');
      for (const [key, row] of before) rows.rows.set(key, row);
    }
  });

  it('does not open with the wrong key, says what to do and changes nothing', async () => {
    const before = structuredClone(rows.rows);
    await expect(openSecrets({ rows, key: OTHER_KEY })).rejects.toMatchObject({
      name: 'KeyProblem',
      code: 'wrong_key',
      message: expect.stringContaining('put the former key back'),
    });
    expect(rows.rows).toEqual(before);
  });

  it('does not read with the wrong key even when the row claims to be of it', async () => {
    change((row) => ({ ...row, keyId: keyCheck(OTHER_KEY) }));
    await expect((await openSecrets({ rows, key: OTHER_KEY })).reveal(REF)).rejects.toThrow('cannot be read');
  });

  it('tells the redactor every secret that goes in or comes out', async () => {
    const seen: string[] = [];
    const secrets = await openSecrets({ rows, key: KEY, redactor: { remember: (secret) => void seen.push(secret) } });
    await secrets.reveal(REF);
    await secrets.put(REF, 'sk-new-key');
    expect(seen).toEqual([CANARY, 'sk-new-key']);
  });

  it('refuses a secret of more than 16 KiB', async () => {
    await expect((await openSecrets({ rows, key: KEY })).put(REF, 'x'.repeat(16_385))).rejects.toThrow(RangeError);
    expect(await reveal()).toBe(CANARY);
  });
});

describe('keyCheck', () => {
  it('is the same for a key, different for another, and shows nothing of it', () => {
    expect(keyCheck(KEY)).toBe(keyCheck(new Uint8Array(KEY)));
    expect(keyCheck(KEY)).not.toBe(keyCheck(OTHER_KEY));
    expect(keyCheck(KEY)).toMatch(/^[0-9a-f]{32}$/);
  });
});
