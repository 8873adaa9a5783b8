const KEY_BYTES = 16;

/** 32 hex digits that nobody has drawn before. Unlike randomUUID it is there on pages without TLS too. */
export function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(KEY_BYTES))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
