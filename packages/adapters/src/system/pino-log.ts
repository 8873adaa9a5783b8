import type { Log } from '@hyperoru/engine';
import { pino } from 'pino';
import { createRedactor, REDACTED, type Redactor } from './redactor.ts';

/** Names of fields that are never written, wherever they stand up to three levels deep. */
const SECRET_FIELDS = [
  'api_key',
  'apiKey',
  'api_secret',
  'apiSecret',
  'secret',
  'password',
  'privateKey',
  'private_key',
  'agent_private_key',
  'ed25519_private_key',
  'token',
  'session_token',
  'setup_token',
  'authorization',
  'cookie',
] as const;

const REDACT_PATHS = SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export interface PinoLogOptions {
  /** Receives one JSON line per call. */
  readonly stream: { write(line: string): unknown };
  readonly level?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Shared with the vault, so that every secret it hands out is hidden here. */
  readonly redactor?: Redactor;
}

/** Log over pino: JSON lines with `level`, ISO `time`, `event` and the given fields. Secrets are hidden by field name, by value and by look. */
export function pinoLog(options: PinoLogOptions): Log {
  const redactor = options.redactor ?? createRedactor();
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: null,
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACT_PATHS, censor: REDACTED },
    },
    { write: (line: string) => void options.stream.write(redactor.redact(line)) },
  );
  return {
    debug: (event, fields) => logger.debug(plain(fields), event),
    info: (event, fields) => logger.info(plain(fields), event),
    warn: (event, fields) => logger.warn(plain(fields), event),
    error: (event, fields) => logger.error(plain(fields), event),
  };
}

/** An Error has no enumerable fields and would be logged as {}; name, message and stack are what a reader needs. */
function plain(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value,
    ]),
  );
}
