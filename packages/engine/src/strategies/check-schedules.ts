import { type BindingTrigger, ok, type Timestamp } from '@hyperoru/domain';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { scheduleProblem } from '../triggers/next-slot.ts';

/** Refuses schedules that are malformed or never come (`schedule_invalid`), naming each. */
export function checkSchedules(triggers: readonly BindingTrigger[], now: Timestamp): UseCaseResult<null> {
  const problems = triggers.flatMap((trigger, index) => {
    const message = scheduleProblem(trigger, now);
    return message === null ? [] : [{ field: `triggers.${index}`, message }];
  });
  const [first] = problems;
  return first === undefined ? ok(null) : refuse('schedule_invalid', `${first.field}: ${first.message}`, problems);
}
