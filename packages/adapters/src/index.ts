export * from './system/clock.ts';
export * from './system/ids.ts';
export * from './system/pino-log.ts';
export * from './system/redactor.ts';
