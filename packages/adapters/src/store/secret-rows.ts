import type { SecretRow, SecretRows } from '@hyperoru/engine';
import { and, eq } from 'drizzle-orm';
import type { Db } from './database.ts';
import { secrets } from './schema/vault.ts';

export function secretRows(db: Db): SecretRows {
  return {
    put: async (row) => {
      await db
        .insert(secrets)
        .values(row)
        .onConflictDoUpdate({ target: [secrets.ownerId, secrets.field, secrets.origin], set: row });
    },
    get: async (ownerId, field, origin): Promise<SecretRow | null> => {
      const exactly = and(eq(secrets.ownerId, ownerId), eq(secrets.field, field), eq(secrets.origin, origin));
      return (await db.select().from(secrets).where(exactly))[0] ?? null;
    },
    deleteByOwner: async (ownerId) => {
      await db.delete(secrets).where(eq(secrets.ownerId, ownerId));
    },
    deleteField: async (ownerId, field) => {
      await db.delete(secrets).where(and(eq(secrets.ownerId, ownerId), eq(secrets.field, field)));
    },
    sample: async () => (await db.select().from(secrets).limit(1))[0] ?? null,
  };
}
