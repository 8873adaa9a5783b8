import type { TraderCard } from '@hyperoru/contracts';
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { keys } from '../../api/keys.ts';
import { setStatus } from '../../api/traders.ts';
import { Icon } from '../../components/icon.tsx';
import { showFailure, showSuccess } from '../shell/show-failure.ts';

/** Lets a running trader leave positions without entering new ones, and back. */
export function ReduceOnlyToggle({ trader }: { readonly trader: Pick<TraderCard, 'id' | 'active' | 'reduce_only'> }) {
  const client = useQueryClient();
  const isReduceOnly = trader.reduce_only;
  const mutation = useMutation({
    mutationFn: () => setStatus(trader.id, isReduceOnly ? 'active' : 'reduce_only'),
    onSuccess: async () => {
      showSuccess(isReduceOnly ? 'It may enter again.' : 'It only leaves positions now; resting entries are canceled.');
      await client.invalidateQueries({ queryKey: keys.traders });
    },
    onError: (error) => showFailure('Not changed', error),
  });
  if (!trader.active) return null;
  return (
    <Button
      variant="default"
      leftSection={<Icon name="shield" size={14} />}
      title={isReduceOnly ? 'Opens positions again.' : 'Closes positions, opens none.'}
      loading={mutation.isPending}
      onClick={() => mutation.mutate()}
    >
      {isReduceOnly ? 'Allow entries' : 'Exits only'}
    </Button>
  );
}
