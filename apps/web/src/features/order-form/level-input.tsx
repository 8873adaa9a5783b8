import { NativeSelect, TextInput } from '@mantine/core';
import type { UseFormReturn } from 'react-hook-form';
import type { OrderFields } from './order-fields.ts';
import classes from './order-form.module.css';

interface LevelInputProps {
  readonly form: UseFormReturn<OrderFields>;
  readonly label: string;
  readonly name: 'stop_loss' | 'take_profit';
  readonly unit: 'stop_unit' | 'target_unit';
  readonly isRequired: boolean;
}

/** A protective level: a distance from the price in percent, or a price. */
export function LevelInput({ form, label, name, unit, isRequired }: LevelInputProps) {
  return (
    <div className={classes.level}>
      <TextInput
        label={isRequired ? label : `${label} (optional)`}
        inputMode="decimal"
        autoComplete="off"
        error={form.formState.errors[name]?.message}
        {...form.register(name)}
      />
      <NativeSelect
        label="As"
        aria-label={`${label} as`}
        data={[
          { value: 'pct', label: '% away' },
          { value: 'price', label: 'Price' },
        ]}
        {...form.register(unit)}
      />
    </div>
  );
}
