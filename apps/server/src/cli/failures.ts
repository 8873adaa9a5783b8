import { reasonOf, systemCode } from '../start-problem.ts';

const DATABASE_CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing answers at the address of DATABASE_URL. Start PostgreSQL there, or correct the address.',
  ENOTFOUND: 'The host of DATABASE_URL is unknown. Correct the address.',
  '28P01': 'PostgreSQL refused the password in DATABASE_URL. Correct it.',
  '28000': 'PostgreSQL refused the user in DATABASE_URL. Correct the user, or allow it in pg_hba.conf.',
  '3D000': 'The database in DATABASE_URL does not exist. Create it first, e.g. with createdb.',
  '42501': 'The user of DATABASE_URL may not create tables. Grant it CREATE on the database.',
};

/** The one message for a person: cause and fix. An unforeseen failure says where to look. */
export function failureMessage(error: unknown, logFile: string | null): string {
  if (isExplained(error)) return error.message;
  const code = systemCode(error);
  const known = code === null ? undefined : DATABASE_CODES[code];
  if (known !== undefined) return known;
  return `Hyperoru stopped because of an unforeseen failure: ${reasonOf(error)}.${logFile === null ? '' : ` Details are in ${logFile}.`}`;
}

/** Failures whose message is already written for people, by the name of their class. */
const EXPLAINED = new Set(['StartProblem', 'EmbeddedDatabaseProblem', 'SchemaProblem', 'KeyProblem', 'DamagedCandles', 'BackupProblem']);

const isExplained = (error: unknown): error is Error => error instanceof Error && EXPLAINED.has(error.name);
