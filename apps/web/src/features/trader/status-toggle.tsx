import type { TraderCard } from '@hyperoru/contracts';
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keys } from '../../api/keys.ts';
import { setActive } from '../../api/traders.ts';
import { Confirm } from '../../components/confirm.tsx';
import { Icon } from '../../components/icon.tsx';
import { count } from '../../format/words.ts';
import { showFailure } from '../shell/show-failure.ts';

/** Whether a change of status needs a second look: when it touches money that is at stake. */
export function needsConfirmation(trader: Pick<TraderCard, 'active' | 'open_positions' | 'environment'>): boolean {
  return trader.active ? trader.open_positions > 0 : trader.environment === 'mainnet' || trader.environment === 'testnet';
}

/** Pauses or resumes a trader. */
export function StatusToggle({ trader }: { readonly trader: TraderCard }) {
  const [isAsking, setAsking] = useState(false);
  const client = useQueryClient();
  const mutation = useMutation({
    mutationFn: () => setActive(trader.id, !trader.active),
    onSuccess: async () => {
      setAsking(false);
      await client.invalidateQueries({ queryKey: keys.traders });
    },
    onError: (error) => {
      if (!isAsking) showFailure(trader.active ? 'Not paused' : 'Not resumed', error);
    },
  });
  const onClick = () => (needsConfirmation(trader) ? setAsking(true) : mutation.mutate());
  const cannotStart = !trader.active && trader.setup_missing.length > 0;
  return (
    <>
      <Button
        variant={trader.active ? 'default' : 'filled'}
        leftSection={<Icon name={trader.active ? 'pause' : 'play'} size={14} />}
        onClick={onClick}
        loading={mutation.isPending && !isAsking}
        disabled={cannotStart}
        title={cannotStart ? 'Finish the set-up first.' : undefined}
      >
        {trader.active ? 'Pause' : 'Resume'}
      </Button>
      <Confirm
        opened={isAsking}
        title={trader.active ? `Pause ${trader.name}?` : `Resume ${trader.name}?`}
        action={trader.active ? 'Pause the trader' : 'Resume the trader'}
        isPending={mutation.isPending}
        error={mutation.error}
        onConfirm={() => mutation.mutate()}
        onClose={() => setAsking(false)}
      >
        {trader.active
          ? `No further decision is made. ${count(trader.open_positions, 'open position')} stay open with their stops and take-profits at the exchange.`
          : `It will decide and place orders on ${trader.environment} from its next schedule on.`}
      </Confirm>
    </>
  );
}
