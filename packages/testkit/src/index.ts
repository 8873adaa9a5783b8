export * from './model-server/completion-body.ts';
export * from './model-server/model-server.ts';
export * from './paper/memory-paper-rows.ts';
export * from './paper/scripted-market.ts';
export * from './system/fake-clock.ts';
export * from './system/memory-log.ts';
export * from './system/seeded-ids.ts';
