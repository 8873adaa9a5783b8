import { describeSecrets } from '@hyperoru/testkit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../../../../tests/setup/fresh-database.ts';
import { quietLog } from '../../../../tests/setup/quiet-log.ts';
import { type OpenedStore, openStore } from '../store/open-store.ts';
import { systemClock } from '../system/clock.ts';
import { systemIds } from '../system/ids.ts';
import { openSecrets } from './vault.ts';

const KEY = new Uint8Array(32).fill(7);
const CANARY = 'sk-canary-6b1f0e9d7c5a3b21';
const REF = { ownerId: 'trader-1', field: 'llm.api_key', origin: 'https://api.openai.com' };

let database: FreshDatabase;
let opened: OpenedStore;
let client: pg.Client;
beforeAll(async () => {
  database = await freshDatabase();
  opened = await openStore({ connection: database.connection, clock: systemClock, ids: systemIds, log: quietLog });
  client = new pg.Client({ ...database.connection });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await opened.close();
  await database.drop();
});

async function emptyVault() {
  await client.query('delete from hyperoru.secrets');
  return openSecrets({ rows: opened.secretRows, key: KEY });
}

describeSecrets('openSecrets over PostgreSQL', emptyVault);

describe('openSecrets over PostgreSQL', () => {
  it('shows nothing of a secret to someone with the database', async () => {
    await (await emptyVault()).put(REF, CANARY);
    const { rows } = await client.query<{ row: string; bytes: Buffer }>(
      'select s::text as row, wrapped_data_key || iv || ciphertext as bytes from hyperoru.secrets s',
    );
    expect(rows).toHaveLength(1);
    for (const shown of [CANARY, Buffer.from(CANARY).toString('hex'), Buffer.from(CANARY).toString('base64')])
      expect(rows[0]?.row).not.toContain(shown);
    expect(rows[0]?.bytes.includes(Buffer.from(CANARY.slice(0, 8)))).toBe(false);
  });

  it('refuses a row that someone moved to another owner in the database', async () => {
    const secrets = await emptyVault();
    await secrets.put(REF, CANARY);
    await client.query("update hyperoru.secrets set owner_id = 'trader-2'");
    expect(await secrets.reveal(REF)).toBeNull();
    await expect(secrets.reveal({ ...REF, ownerId: 'trader-2' })).rejects.toThrow('was changed or moved');
  });

  it('refuses a row of which someone changed one bit in the database', async () => {
    const secrets = await emptyVault();
    await secrets.put(REF, CANARY);
    await client.query('update hyperoru.secrets set ciphertext = set_bit(ciphertext, 5, 1 - get_bit(ciphertext, 5))');
    await expect(secrets.reveal(REF)).rejects.toThrow('was changed or moved');
  });

  it('does not open with another key, and leaves the rows as they are', async () => {
    const secrets = await emptyVault();
    await secrets.put(REF, CANARY);
    await expect(openSecrets({ rows: opened.secretRows, key: new Uint8Array(32).fill(8) })).rejects.toMatchObject({ code: 'wrong_key' });
    expect(await secrets.reveal(REF)).toBe(CANARY);
  });
});
