import type { TraderCard } from '@hyperoru/contracts';
import { Button, Group, Radio, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { keys } from '../../api/keys.ts';
import { setExchange, testExchange } from '../../api/traders.ts';
import { EnvironmentBadge } from '../../components/environment-badge.tsx';
import { Notice } from '../../components/notice.tsx';
import { Tag } from '../../components/tag.tsx';
import { money } from '../../format/amount.ts';
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
  const testing = useMutation({ mutationFn: () => testExchange(trader.id) });
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
      <FormError error={mutation.error ?? testing.error} />
      {testing.data !== undefined && (
        <Notice tone={testing.data.success ? 'up' : 'down'} title={testing.data.message} isLive>
          {testing.data.balance !== null && `Balance ${money(testing.data.balance)} ${testing.data.currency}`}
        </Notice>
      )}
      <Group>
        <Button
          loading={mutation.isPending}
          onClick={() => (isConnected ? onSaved?.() : mutation.mutate())}
          disabled={isConnected && onSaved === undefined}
        >
          {isConnected && onSaved === undefined ? 'Connected to the paper venue' : action}
        </Button>
        {isConnected && (
          <Button variant="default" loading={testing.isPending} onClick={() => testing.mutate()}>
            Test connection
          </Button>
        )}
      </Group>
    </Stack>
  );
}
