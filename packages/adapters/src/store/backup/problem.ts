/** A backup or restore that cannot be done; nothing was changed. The message names the cause and the fix. */
export class BackupProblem extends Error {
  readonly code: 'file_exists' | 'file_unusable' | 'not_a_backup' | 'damaged' | 'newer' | 'not_empty' | 'in_use';

  constructor(code: BackupProblem['code'], message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'BackupProblem';
    this.code = code;
  }
}
