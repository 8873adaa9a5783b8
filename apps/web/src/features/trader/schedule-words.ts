import type { Binding } from '@hyperoru/contracts';

type Trigger = Binding['triggers'][number];
const UNITS = [
  { seconds: 86_400, name: 'day' },
  { seconds: 3_600, name: 'hour' },
  { seconds: 60, name: 'minute' },
] as const;

/** "every 5 minutes", "every hour", "every 90 seconds". */
export function intervalWords(seconds: number): string {
  const unit = UNITS.find((candidate) => seconds >= candidate.seconds && seconds % candidate.seconds === 0) ?? {
    seconds: 1,
    name: 'second',
  };
  const amount = seconds / unit.seconds;
  return amount === 1 ? `every ${unit.name}` : `every ${amount} ${unit.name}s`;
}

function triggerWords(trigger: Trigger): string {
  return 'cron' in trigger ? `by cron "${trigger.cron}" (${trigger.timezone})` : intervalWords(trigger.interval_seconds);
}

/** When a binding runs, in words. */
export function scheduleWords(triggers: readonly Trigger[]): string {
  return triggers.length === 0 ? 'only when started by hand' : triggers.map(triggerWords).join(' and ');
}
