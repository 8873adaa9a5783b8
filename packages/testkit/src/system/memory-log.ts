import type { Log } from '@hyperoru/engine';

export interface LogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that keeps everything for the test to look at. */
export interface MemoryLog extends Log {
  readonly entries: readonly LogEntry[];
  /** All entries as one text; for "this value appears nowhere". */
  text(): string;
}

export function memoryLog(): MemoryLog {
  const entries: LogEntry[] = [];
  const at =
    (level: LogEntry['level']) =>
    (event: string, fields: Readonly<Record<string, unknown>> = {}): void =>
      void entries.push({ level, event, fields });
  return {
    entries,
    text: () => entries.map((entry) => JSON.stringify(entry)).join('\n'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  };
}
