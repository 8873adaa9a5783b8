import type { MarketPrices, Position, Trader } from '@hyperoru/contracts';
import { NativeSelect, SegmentedControl, SimpleGrid, TextInput } from '@mantine/core';
import { Controller, type UseFormReturn } from 'react-hook-form';
import { exact } from '../../format/amount.ts';
import { LevelInput } from './level-input.tsx';
import { EMPTY_ORDER, ORDER_KINDS, type OrderFields } from './order-fields.ts';

const OPERATIONS: readonly { readonly value: OrderFields['operation']; readonly label: string }[] = [
  { value: 'buy', label: 'Buy' },
  { value: 'sell', label: 'Sell short' },
  { value: 'close', label: 'Reduce or close' },
];

interface OrderInputsProps {
  readonly form: UseFormReturn<OrderFields>;
  readonly trader: Trader;
  readonly prices: MarketPrices['items'];
  readonly positions: readonly Position[];
}

/** The fields of an order; a close has only those that it takes. */
export function OrderInputs({ form, trader, prices, positions }: OrderInputsProps) {
  const { errors, dirtyFields } = form.formState;
  const [operation, symbol] = form.watch(['operation', 'symbol']);
  const isEntry = operation !== 'close';
  const symbolsFor = (next: OrderFields['operation']): readonly string[] => {
    const allowed = trader.risk.allowed_symbols;
    if (next === 'close') return positions.map((position) => position.symbol);
    return prices.map((price) => price.symbol).filter((name) => allowed === null || allowed.includes(name));
  };
  const symbols = symbolsFor(operation);
  const onOperation = (next: OrderFields['operation']): void => {
    const names = symbolsFor(next);
    const only = names.length === 1 ? names[0] : undefined;
    form.setValue('operation', next);
    if (!names.includes(symbol)) form.setValue('symbol', only ?? '');
    if (dirtyFields.portion !== true) form.setValue('portion', next === 'close' ? '100' : EMPTY_ORDER.portion);
  };
  const mark = prices.find((price) => price.symbol === symbol)?.mark;
  return (
    <>
      <Controller
        control={form.control}
        name="operation"
        render={({ field: { value } }) => (
          <SegmentedControl aria-label="What to do" fullWidth data={[...OPERATIONS]} value={value} onChange={onOperation} />
        )}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <NativeSelect
          label="Symbol"
          description={mark === undefined ? undefined : `Mark ${exact(mark)}`}
          data={[{ value: '', label: symbols.length === 0 ? 'Nothing to choose from' : 'Choose a symbol' }, ...new Set(symbols)]}
          error={errors.symbol?.message}
          {...form.register('symbol')}
        />
        <TextInput
          label={isEntry ? 'Size, % of the available balance' : 'Size, % of the position'}
          description={isEntry ? 'Used as margin, fee included' : '100 closes all of it'}
          inputMode="decimal"
          autoComplete="off"
          error={errors.portion?.message}
          {...form.register('portion')}
        />
      </SimpleGrid>
      {isEntry && <EntryInputs form={form} isStopRequired={trader.risk.require_stop_loss} />}
      <TextInput
        label="Reason (optional)"
        description="Kept with the decision and its audit entry"
        autoComplete="off"
        maxLength={500}
        error={errors.reason?.message}
        {...form.register('reason')}
      />
    </>
  );
}

/** What only an entry takes: how it is executed, how large it may become, where it ends. */
function EntryInputs({ form, isStopRequired }: Pick<OrderInputsProps, 'form'> & { readonly isStopRequired: boolean }) {
  const { errors } = form.formState;
  const [operation, kind] = form.watch(['operation', 'kind']);
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <NativeSelect label="Order type" data={[...ORDER_KINDS]} {...form.register('kind')} />
        <TextInput
          label="Leverage"
          inputMode="numeric"
          autoComplete="off"
          rightSection="×"
          error={errors.leverage?.message}
          {...form.register('leverage')}
        />
      </SimpleGrid>
      {kind !== 'market' && (
        <TextInput
          label="Limit price"
          description={operation === 'buy' ? 'It never pays more' : 'It never accepts less'}
          inputMode="decimal"
          autoComplete="off"
          error={errors.limit_price?.message}
          {...form.register('limit_price')}
        />
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        <LevelInput form={form} label="Stop-loss" name="stop_loss" unit="stop_unit" isRequired={isStopRequired} />
        <LevelInput form={form} label="Take-profit" name="take_profit" unit="target_unit" isRequired={false} />
      </SimpleGrid>
    </>
  );
}
