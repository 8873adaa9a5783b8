import type { RiskLimits } from '@hyperoru/contracts';
import { Button, Group, NativeSelect, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Controller, useForm } from 'react-hook-form';
import { keys } from '../../api/keys.ts';
import { setRisk } from '../../api/traders.ts';
import { FormError } from '../session/form-error.tsx';
import { showSuccess } from '../shell/show-failure.ts';
import { type RiskFields, toRiskBody, toRiskFields } from './risk-fields.ts';

type TextName = Exclude<keyof RiskFields, 'require_stop_loss' | 'on_protection_failure'>;
const isFieldName = (name: string): name is keyof RiskFields =>
  name in EMPTY_HINTS || name === 'require_stop_loss' || name === 'on_protection_failure';

const EMPTY_HINTS: Readonly<Record<TextName, { label: string; hint: string }>> = {
  max_leverage: { label: 'Highest leverage', hint: '1 to 125' },
  max_order_notional: { label: 'Largest order', hint: 'Notional, in quote currency' },
  max_total_notional: { label: 'Largest exposure in total', hint: 'Notional, in quote currency' },
  max_open_positions: { label: 'Open positions at most', hint: '1 to 100' },
  max_orders_per_hour: { label: 'Orders per hour at most', hint: '1 to 1000' },
  max_daily_loss: { label: 'Stop for the day after losing', hint: 'In quote currency; empty: no limit' },
  llm_daily_budget_usd: { label: 'Model budget per day', hint: 'In USD; empty: no limit. Exits are never stopped by it.' },
  allowed_symbols: { label: 'Allowed symbols', hint: 'Such as BTC, ETH; empty: all' },
};
const TEXT_NAMES: readonly TextName[] = [
  'max_leverage',
  'max_order_notional',
  'max_total_notional',
  'max_open_positions',
  'max_orders_per_hour',
  'max_daily_loss',
  'llm_daily_budget_usd',
  'allowed_symbols',
];

/** What the risk gate never lets through, whatever the model answers. */
export function RiskForm({ traderId, risk }: { readonly traderId: string; readonly risk: RiskLimits }) {
  const client = useQueryClient();
  const form = useForm<RiskFields>({ values: toRiskFields(risk), resetOptions: { keepDirtyValues: true } });
  const mutation = useMutation({
    mutationFn: (body: Parameters<typeof setRisk>[1]) => setRisk(traderId, body),
    onSuccess: async () => {
      showSuccess('Limits saved. They hold from the next order on.');
      await client.invalidateQueries({ queryKey: keys.traders });
    },
  });
  const onSubmit = (fields: RiskFields): void => {
    const result = toRiskBody(fields);
    if ('body' in result) {
      mutation.mutate(result.body);
      return;
    }
    for (const [name, message] of result.problems) if (isFieldName(name)) form.setError(name, { message });
  };
  return (
    <form onSubmit={form.handleSubmit(onSubmit)} noValidate>
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
          {TEXT_NAMES.map((name) => (
            <TextInput
              key={name}
              label={EMPTY_HINTS[name].label}
              description={EMPTY_HINTS[name].hint}
              error={form.formState.errors[name]?.message}
              {...form.register(name)}
            />
          ))}
          <NativeSelect
            label="When a stop cannot be placed"
            description="What happens to the unprotected position"
            data={[
              { value: 'flatten', label: 'Close the position at once' },
              { value: 'alert_only', label: 'Only alert me' },
            ]}
            {...form.register('on_protection_failure')}
          />
        </SimpleGrid>
        <Controller
          control={form.control}
          name="require_stop_loss"
          render={({ field: { value, onChange, ...field } }) => (
            <Switch
              label="Every entry needs a stop-loss"
              checked={value}
              onChange={(event) => onChange(event.currentTarget.checked)}
              {...field}
            />
          )}
        />
        <FormError error={mutation.error} />
        <Group>
          <Button type="submit" loading={mutation.isPending}>
            Save limits
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
