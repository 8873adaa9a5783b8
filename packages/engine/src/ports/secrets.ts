/** Where a secret belongs; bound into its encryption, so that a row moved elsewhere cannot be read. */
export interface SecretRef {
  /** Owning record, e.g. a trader id. */
  readonly ownerId: string;
  /** e.g. `llm.api_key`. */
  readonly field: string;
  /** For keys sent to an endpoint: its origin (`https://api.openai.com`); a key is never sent to another. Else ''. */
  readonly origin: string;
}

/** Write-only vault: what goes in comes out only to the adapter that uses it. */
export interface Secrets {
  put(ref: SecretRef, plaintext: string): Promise<void>;
  /** null when there is none for exactly this ref. */
  reveal(ref: SecretRef): Promise<string | null>;
  /** Destroys every secret of the owner, beyond recovery. Idempotent. */
  destroyAll(ownerId: string): Promise<void>;
  /** Destroys one field whatever its origin. Idempotent. */
  destroy(ownerId: string, field: string): Promise<void>;
}
