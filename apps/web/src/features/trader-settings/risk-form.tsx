import type { RiskLimits } from '@hyperoru/contracts';
import { Button, Fieldset, Group, NativeSelect, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Controller, type UseFormReturn, useForm } from 'react-hook-form';
import { keys } from '../../api/keys.ts';
import { setRisk } from '../../api/traders.ts';
import { FormError } from '../session/form-error.tsx';
import { showSuccess } from '../shell/show-failure.ts';
import { type RiskFields, toRiskBody, toRiskFields } from './risk-fields.ts';
import { RISK_GROUPS } from './risk-labels.ts';
import classes from './settings.module.css';

const isFieldName = (name: string, fields: RiskFields): name is keyof RiskFields => Object.hasOwn(fields, name);

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
    for (const [name, message] of result.problems) if (isFieldName(name, fields)) form.setError(name, { message });
  };
  return (
    <form onSubmit={form.handleSubmit(onSubmit)} noValidate>
      <Stack gap="sm">
        {RISK_GROUPS.map(({ title, fields }, index) => (
          <Fieldset key={title} legend={title} variant="unstyled" classNames={{ legend: classes.legend }}>
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
              {fields.map(({ name, label, hint }) => (
                <TextInput
                  key={name}
                  label={label}
                  description={hint}
                  error={form.formState.errors[name]?.message}
                  {...form.register(name)}
                />
              ))}
              {index === RISK_GROUPS.length - 1 && <Choices form={form} />}
            </SimpleGrid>
          </Fieldset>
        ))}
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
        <Text size="xs" c="dimmed">
          Lowering a limit needs nothing. Raising one asks for your password.
        </Text>
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

function Choices({ form }: { readonly form: UseFormReturn<RiskFields> }) {
  return (
    <>
      <NativeSelect
        label="When a stop cannot be placed"
        description="What happens to the unprotected position"
        data={[
          { value: 'flatten', label: 'Close the position at once' },
          { value: 'alert_only', label: 'Only alert me' },
        ]}
        {...form.register('on_protection_failure')}
      />
      <NativeSelect
        label="Orders and positions that are not ours"
        description="What happens when someone else trades on the account"
        data={[
          { value: 'alarm', label: 'Leave them, and alert me' },
          { value: 'adopt', label: 'Take them over' },
          { value: 'ignore', label: 'Leave them' },
        ]}
        {...form.register('on_external_activity')}
      />
    </>
  );
}
