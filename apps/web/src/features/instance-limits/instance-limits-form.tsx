import type { InstanceLimits } from '@hyperoru/contracts';
import { Button, Group, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { keys } from '../../api/keys.ts';
import { setInstanceLimits } from '../../api/limits.ts';
import { FormError } from '../session/form-error.tsx';
import { showSuccess } from '../shell/show-failure.ts';
import { type LimitFields, toLimitBody, toLimitFields } from './limit-fields.ts';

interface Label {
  readonly name: keyof LimitFields;
  readonly label: string;
  readonly hint: string;
}

const LABELS: readonly Label[] = [
  { name: 'max_total_notional', label: 'Largest exposure of all traders', hint: 'Notional, in quote currency; empty: no limit' },
  { name: 'max_leverage', label: 'Highest leverage of any trader', hint: '1 to 125; empty: no limit' },
  { name: 'max_daily_loss', label: 'Stop all for the day after losing', hint: 'In quote currency, all traders together; empty: no limit' },
  { name: 'max_orders_per_minute', label: 'Entries per minute at most', hint: '1 to 10000; one more trips the kill switch' },
];

export function InstanceLimitsForm({ limits, isOwner }: { readonly limits: InstanceLimits; readonly isOwner: boolean }) {
  const client = useQueryClient();
  const form = useForm<LimitFields>({ values: toLimitFields(limits), resetOptions: { keepDirtyValues: true } });
  const mutation = useMutation({
    mutationFn: setInstanceLimits,
    onSuccess: (saved) => {
      showSuccess('Limits of the instance saved. They hold from the next order on.');
      client.setQueryData(keys.instanceLimits, saved);
      form.reset(toLimitFields(saved));
    },
  });
  const onSubmit = (fields: LimitFields): void => {
    const result = toLimitBody(fields);
    if ('body' in result) {
      mutation.mutate(result.body);
      return;
    }
    for (const { name } of LABELS) if (result.problems.has(name)) form.setError(name, { message: result.problems.get(name) });
  };
  return (
    <form onSubmit={form.handleSubmit(onSubmit)} noValidate>
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
          {LABELS.map(({ name, label, hint }) => (
            <TextInput
              key={name}
              label={label}
              description={hint}
              readOnly={!isOwner}
              error={form.formState.errors[name]?.message}
              {...form.register(name)}
            />
          ))}
        </SimpleGrid>
        <FormError error={mutation.error} />
        {isOwner && (
          <Group justify="space-between">
            <Button type="submit" loading={mutation.isPending}>
              Save limits of the instance
            </Button>
            <Text size="xs" c="dimmed">
              Lowering a limit needs nothing. Raising one asks for your password.
            </Text>
          </Group>
        )}
      </Stack>
    </form>
  );
}
