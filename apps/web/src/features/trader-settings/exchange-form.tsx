import type { TraderCard } from '@hyperoru/contracts';
import { Button, Group, Radio, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { keys } from '../../api/keys.ts';
import { setExchange } from '../../api/traders.ts';
import { EnvironmentBadge } from '../../components/environment-badge.tsx';
import { Tag } from '../../components/tag.tsx';
import { FormError } from '../session/form-error.tsx';
import classes from './exchange-form.module.css';

interface ExchangeFormProps {
  readonly trader: Pick<TraderCard, 'id' | 'exchange'>;
  readonly action: string;
  readonly onSaved?: () => void;
}

const COMING = ['Hyperliquid', 'Binance Futures'] as const;

/** Where orders go. Paper is here; exchanges with real money follow. */
export function ExchangeForm({ trader, action, onSaved }: ExchangeFormProps) {
  const client = useQueryClient();
  const mutation = useMutation({
    mutationFn: () => setExchange(trader.id, { exchange: 'paper', environment: 'paper' }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.traders });
      onSaved?.();
    },
  });
  const isConnected = trader.exchange?.exchange === 'paper';
  return (
    <Stack gap="sm">
      <Radio.Group value="paper" label="Exchange" readOnly>
        <Stack gap="xs" mt={6}>
          <div className={classes.choice} data-chosen="true">
            <Radio value="paper" label="Paper venue" />
            <EnvironmentBadge environment="paper" long />
            <Text size="xs" c="dimmed" className={classes.text}>
              Real candles, simulated money. Fees, slippage, funding and liquidation are simulated; nothing reaches an exchange.
            </Text>
          </div>
          {COMING.map((name) => (
            <div key={name} className={classes.choice}>
              <Radio value={name} label={name} disabled />
              <Tag>Coming</Tag>
              <Text size="xs" c="dimmed" className={classes.text}>
                {name} on testnet and mainnet comes with a later version. Whatever you build on paper moves over unchanged.
              </Text>
            </div>
          ))}
        </Stack>
      </Radio.Group>
      <FormError error={mutation.error} />
      <Group>
        <Button
          loading={mutation.isPending}
          onClick={() => (isConnected ? onSaved?.() : mutation.mutate())}
          disabled={isConnected && onSaved === undefined}
        >
          {isConnected && onSaved === undefined ? 'Connected to the paper venue' : action}
        </Button>
      </Group>
    </Stack>
  );
}
