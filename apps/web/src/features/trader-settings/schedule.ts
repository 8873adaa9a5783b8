import type { Binding } from '@hyperoru/contracts';
import { z } from 'zod';

type Trigger = Binding['triggers'][number];

export const INTERVAL_SECONDS_MIN = 5;
export const INTERVAL_SECONDS_MAX = 86_400;
const UNIT_SECONDS = { seconds: 1, minutes: 60, hours: 3_600 } as const;

export const ScheduleUnit = z.enum(['seconds', 'minutes', 'hours']);
export type ScheduleUnit = z.infer<typeof ScheduleUnit>;

/** A schedule as a form holds it. */
export const ScheduleFields = z
  .object({
    kind: z.enum(['interval', 'cron', 'manual']),
    amount: z.number(),
    unit: ScheduleUnit,
    cron: z.string().trim(),
    timezone: z.string().trim(),
  })
  .superRefine((fields, context) => {
    const seconds = fields.amount * UNIT_SECONDS[fields.unit];
    const isWhole = Number.isInteger(seconds) && seconds >= INTERVAL_SECONDS_MIN && seconds <= INTERVAL_SECONDS_MAX;
    if (fields.kind === 'interval' && !isWhole)
      context.addIssue({ code: 'custom', path: ['amount'], message: 'Choose from 5 seconds to 24 hours.' });
    const hasFiveFields = fields.cron.split(/\s+/).length === 5;
    if (fields.kind === 'cron' && !hasFiveFields) {
      context.addIssue({ code: 'custom', path: ['cron'], message: 'Expected five fields: minute, hour, day, month, weekday.' });
    }
  });
export type ScheduleFields = z.infer<typeof ScheduleFields>;

/** The triggers that a form asks for. */
export function toTriggers(fields: ScheduleFields): Trigger[] {
  if (fields.kind === 'manual') return [];
  if (fields.kind === 'cron') return [{ type: 'schedule', cron: fields.cron, timezone: fields.timezone === '' ? 'UTC' : fields.timezone }];
  return [{ type: 'schedule', interval_seconds: fields.amount * UNIT_SECONDS[fields.unit] }];
}

/** The form of stored triggers; the first one counts. */
export function fromTriggers(triggers: readonly Trigger[], fallbackZone: string): ScheduleFields {
  const empty: ScheduleFields = { kind: 'interval', amount: 5, unit: 'minutes', cron: '*/15 * * * *', timezone: fallbackZone };
  const trigger = triggers[0];
  if (trigger === undefined) return { ...empty, kind: 'manual' };
  if ('cron' in trigger) return { ...empty, kind: 'cron', cron: trigger.cron, timezone: trigger.timezone };
  const seconds = trigger.interval_seconds;
  const unit: ScheduleUnit = seconds % 3_600 === 0 ? 'hours' : seconds % 60 === 0 ? 'minutes' : 'seconds';
  return { ...empty, amount: seconds / UNIT_SECONDS[unit], unit };
}
