/** One encrypted secret as it lies in the store. Everything but the key's name is unreadable without the key. */
export interface SecretRow {
  readonly ownerId: string;
  readonly field: string;
  readonly origin: string;
  /** Names the key-encryption key the data key is wrapped with. */
  readonly keyId: string;
  readonly wrappedDataKey: Uint8Array;
  readonly iv: Uint8Array;
  /** With its authentication tag. */
  readonly ciphertext: Uint8Array;
  /** Version of the envelope's format, 1 or more. */
  readonly version: number;
}

/** Rows of the secret vault, one per (ownerId, field, origin). Each write is durable when it resolves. */
export interface SecretRows {
  /** Inserts or replaces the row of exactly this (ownerId, field, origin). */
  put(row: SecretRow): Promise<void>;
  get(ownerId: string, field: string, origin: string): Promise<SecretRow | null>;
  /** Idempotent. */
  deleteByOwner(ownerId: string): Promise<void>;
  /** Whatever the origin; idempotent. */
  deleteField(ownerId: string, field: string): Promise<void>;
  /** Any one row, or null when the vault is empty: lets a start prove that its key fits. */
  sample(): Promise<SecretRow | null>;
}
