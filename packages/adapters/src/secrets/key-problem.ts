export type KeyProblemCode = 'key_invalid' | 'key_inside_data' | 'key_file_open' | 'key_file_unusable' | 'wrong_key';

/** The key-encryption key cannot be used as things are; the message names the cause and the fix. Nothing was changed. */
export class KeyProblem extends Error {
  readonly code: KeyProblemCode;

  constructor(code: KeyProblemCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'KeyProblem';
    this.code = code;
  }
}
