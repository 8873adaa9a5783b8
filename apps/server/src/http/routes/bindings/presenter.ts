import type { Binding as BindingAnswer, ScheduleTrigger } from '@hyperoru/contracts';
import { type BindingTrigger, toIso } from '@hyperoru/domain';
import type { BindingView } from '@hyperoru/engine';
import type { z } from 'zod';
import { isoOrNull } from '../time.ts';

export const presentBinding = ({ binding, promptName, nextRunAt }: BindingView): z.infer<typeof BindingAnswer> => ({
  id: binding.id,
  trader_id: binding.traderId,
  prompt_id: binding.promptId,
  prompt_name: promptName,
  symbols: [...binding.symbols],
  triggers: binding.triggers.map(presentTrigger),
  params: binding.params,
  enabled: binding.enabled,
  next_run_at: isoOrNull(nextRunAt),
  created_at: toIso(binding.createdAt),
  updated_at: toIso(binding.updatedAt),
});

const presentTrigger = (trigger: BindingTrigger): z.infer<typeof ScheduleTrigger> =>
  'cron' in trigger
    ? { type: 'schedule', cron: trigger.cron, timezone: trigger.timezone }
    : { type: 'schedule', interval_seconds: trigger.intervalSeconds };

export const triggerOf = (trigger: z.infer<typeof ScheduleTrigger>): BindingTrigger =>
  'cron' in trigger
    ? { type: 'schedule', cron: trigger.cron, timezone: trigger.timezone }
    : { type: 'schedule', intervalSeconds: trigger.interval_seconds };
