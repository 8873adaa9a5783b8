import { Group, NativeSelect, NumberInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { type ScheduleFields, ScheduleUnit } from './schedule.ts';

interface ScheduleInputProps {
  readonly value: ScheduleFields;
  readonly onChange: (value: ScheduleFields) => void;
  readonly errors: { readonly amount?: string | undefined; readonly cron?: string | undefined };
}

const KINDS = [
  { value: 'interval', label: 'Every …' },
  { value: 'cron', label: 'Cron' },
  { value: 'manual', label: 'By hand' },
];

/** When a strategy runs. */
export function ScheduleInput({ value, onChange, errors }: ScheduleInputProps) {
  const onKind = (kind: string): void => onChange({ ...value, kind: kind === 'cron' || kind === 'manual' ? kind : 'interval' });
  return (
    <Stack gap={6}>
      <Text size="sm" fw={500} component="span">
        Schedule
      </Text>
      <SegmentedControl
        size="xs"
        aria-label="Kind of schedule"
        data={KINDS}
        value={value.kind}
        onChange={onKind}
        style={{ alignSelf: 'flex-start' }}
      />
      {value.kind === 'interval' && (
        <Group gap="xs" align="flex-start">
          <NumberInput
            aria-label="Every how many"
            w={110}
            min={1}
            value={value.amount}
            error={errors.amount}
            onChange={(amount) => onChange({ ...value, amount: Number(amount) })}
          />
          <NativeSelect
            aria-label="Unit of the interval"
            data={[...ScheduleUnit.options]}
            value={value.unit}
            onChange={(event) => onChange({ ...value, unit: ScheduleUnit.parse(event.currentTarget.value) })}
          />
        </Group>
      )}
      {value.kind === 'cron' && (
        <Group gap="xs" align="flex-start">
          <TextInput
            label="Cron"
            description="minute hour day month weekday"
            value={value.cron}
            error={errors.cron}
            onChange={(event) => onChange({ ...value, cron: event.currentTarget.value })}
          />
          <TextInput
            label="Time zone"
            description="such as Europe/Berlin"
            value={value.timezone}
            onChange={(event) => onChange({ ...value, timezone: event.currentTarget.value })}
          />
        </Group>
      )}
      {value.kind === 'manual' && (
        <Text size="xs" c="dimmed">
          Runs only when you press "Run now" or call the trigger of the API.
        </Text>
      )}
    </Stack>
  );
}
