import type { SecretRow, SecretRows } from '@hyperoru/engine';

/** SecretRows in memory. `rows` may be looked at and changed by a test, as someone with the database could. */
export interface MemorySecretRows extends SecretRows {
  readonly rows: Map<string, SecretRow>;
}

export function memorySecretRows(): MemorySecretRows {
  const rows = new Map<string, SecretRow>();
  const keyOf = (ownerId: string, field: string, origin: string) => JSON.stringify([ownerId, field, origin]);
  const remove = (isGone: (row: SecretRow) => boolean) => {
    for (const [key, row] of rows) if (isGone(row)) rows.delete(key);
  };
  return {
    rows,
    put: async (row) => void rows.set(keyOf(row.ownerId, row.field, row.origin), structuredClone(row)),
    get: async (ownerId, field, origin) => structuredClone(rows.get(keyOf(ownerId, field, origin)) ?? null),
    deleteByOwner: async (ownerId) => remove((row) => row.ownerId === ownerId),
    deleteField: async (ownerId, field) => remove((row) => row.ownerId === ownerId && row.field === field),
    sample: async () => structuredClone([...rows.values()][0] ?? null),
  };
}
