export * from './system/fake-clock.ts';
export * from './system/memory-log.ts';
export * from './system/seeded-ids.ts';
