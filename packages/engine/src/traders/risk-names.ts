import type { InstanceLimits, Json, RiskLimits } from '@hyperoru/domain';

/** `maxLeverage` → `max_leverage`, as the API and the audit log name it. */
export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Limits as the API and the audit log show them. */
export function fieldsAsJson(limits: RiskLimits | InstanceLimits): Json {
  return Object.fromEntries(Object.entries(limits).map(([name, value]) => [snakeCase(name), value]));
}
