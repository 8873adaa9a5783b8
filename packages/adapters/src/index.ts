export * from './llm/openai-compatible/base-url.ts';
export * from './llm/openai-compatible/endpoint-policy.ts';
export * from './llm/openai-compatible/model.ts';
export * from './llm/openai-compatible/provider-urls.ts';
export * from './system/clock.ts';
export * from './system/ids.ts';
export * from './system/pino-log.ts';
export * from './system/redactor.ts';
