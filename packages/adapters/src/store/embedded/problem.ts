/** The embedded database cannot be started as things are; the message names the cause and the fix. */
export class EmbeddedDatabaseProblem extends Error {
  readonly code: EmbeddedProblemCode;

  constructor(code: EmbeddedProblemCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'EmbeddedDatabaseProblem';
    this.code = code;
  }
}

export type EmbeddedProblemCode =
  | 'unsupported_platform'
  | 'binaries_missing'
  | 'folder_unusable'
  | 'folder_damaged'
  | 'wrong_major'
  | 'init_failed'
  | 'start_failed';
