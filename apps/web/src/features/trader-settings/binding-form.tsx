import { zodResolver } from '@hookform/resolvers/zod';
import type { Binding } from '@hyperoru/contracts';
import { Button, Group, MultiSelect, NativeSelect, Stack } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Controller, useForm } from 'react-hook-form';
import { z } from 'zod';
import { keys } from '../../api/keys.ts';
import { listPrompts } from '../../api/prompts.ts';
import { readPrices } from '../../api/records.ts';
import { createBinding, patchBinding } from '../../api/traders.ts';
import { zoneName } from '../../time/format-time.ts';
import { FormError } from '../session/form-error.tsx';
import { fromTriggers, ScheduleFields, toTriggers } from './schedule.ts';
import { ScheduleInput } from './schedule-input.tsx';

const Fields = z.object({
  promptId: z.string().min(1, 'Choose a prompt.'),
  symbols: z.array(z.string()).min(1, 'Choose at least one symbol.').max(20),
  schedule: ScheduleFields,
});
type Fields = z.infer<typeof Fields>;

interface BindingFormProps {
  readonly traderId: string;
  readonly binding?: Binding;
  readonly promptId?: string;
  readonly action: string;
  readonly onSaved: () => void;
  readonly onCancel?: () => void;
}

const DEFAULT_TRIGGERS: Binding['triggers'] = [{ type: 'schedule', interval_seconds: 300 }];

/** Which prompt decides about which symbols, and when. */
export function BindingForm({ traderId, binding, promptId, action, onSaved, onCancel }: BindingFormProps) {
  const client = useQueryClient();
  const form = useForm<Fields>({
    resolver: zodResolver(Fields),
    defaultValues: {
      promptId: binding?.prompt_id ?? promptId ?? '',
      symbols: binding?.symbols ?? ['BTC'],
      schedule: fromTriggers(binding?.triggers ?? DEFAULT_TRIGGERS, zoneName('browser')),
    },
  });
  const mutation = useMutation({
    mutationFn: ({ promptId: prompt_id, symbols, schedule }: Fields) => {
      const body = { prompt_id, symbols, triggers: toTriggers(schedule) };
      return binding === undefined ? createBinding(traderId, body) : patchBinding(binding.id, body);
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.traders });
      onSaved();
    },
  });
  return (
    <form onSubmit={form.handleSubmit((fields) => mutation.mutate(fields))} noValidate>
      <Stack gap="sm">
        <BindingFields form={form} />
        <FormError error={mutation.error} />
        <Group>
          <Button type="submit" loading={mutation.isPending}>
            {action}
          </Button>
          {onCancel !== undefined && (
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

function BindingFields({ form }: { readonly form: ReturnType<typeof useForm<Fields>> }) {
  const prompts = useQuery({ queryKey: keys.prompts, queryFn: listPrompts });
  const prices = useQuery({ queryKey: keys.prices, queryFn: readPrices });
  const { errors } = form.formState;
  const options = prompts.data?.items.map((prompt) => ({ value: prompt.id, label: `${prompt.name} (version ${prompt.version})` })) ?? [];
  return (
    <>
      <Controller
        control={form.control}
        name="promptId"
        render={({ field }) => (
          <NativeSelect
            label="Prompt"
            data={[{ value: '', label: prompts.isPending ? 'Loading…' : 'Choose a prompt' }, ...options]}
            error={errors.promptId?.message}
            {...field}
          />
        )}
      />
      <Controller
        control={form.control}
        name="symbols"
        render={({ field }) => (
          <MultiSelect
            label="Symbols"
            description="What it may trade in one run."
            searchable
            data={[...new Set([...(prices.data?.items.map((price) => price.symbol) ?? []), ...field.value])]}
            error={errors.symbols?.message}
            {...field}
          />
        )}
      />
      <Controller
        control={form.control}
        name="schedule"
        render={({ field }) => (
          <ScheduleInput
            value={field.value}
            onChange={field.onChange}
            errors={{ amount: errors.schedule?.amount?.message, cron: errors.schedule?.cron?.message }}
          />
        )}
      />
    </>
  );
}
