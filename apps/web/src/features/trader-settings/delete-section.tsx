import type { TraderCard } from '@hyperoru/contracts';
import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { deleteTrader } from '../../api/traders.ts';
import { Confirm } from '../../components/confirm.tsx';
import { showSuccess } from '../shell/show-failure.ts';

/** Soft delete, confirmed by typing the name. */
export function DeleteSection({ trader }: { readonly trader: Pick<TraderCard, 'id' | 'name' | 'open_positions'> }) {
  const [isAsking, setAsking] = useState(false);
  const [typed, setTyped] = useState('');
  const client = useQueryClient();
  const navigate = useNavigate();
  const mutation = useMutation({
    mutationFn: () => deleteTrader(trader.id),
    onSuccess: async () => {
      showSuccess(`${trader.name} is deleted. Its history stays under Analytics and Activity.`);
      await navigate({ to: '/' });
      await client.invalidateQueries();
    },
  });
  return (
    <Stack gap="sm" align="flex-start">
      <Text size="sm" c="dimmed">
        Strategies stop for good and the stored keys are destroyed. Decisions, orders and results stay readable.
      </Text>
      <Button color="danger" onClick={() => setAsking(true)}>
        Delete this trader
      </Button>
      <Confirm
        opened={isAsking}
        title={`Delete ${trader.name}?`}
        action="Delete for good"
        isDangerous
        isDisabled={typed.trim() !== trader.name}
        isPending={mutation.isPending}
        error={mutation.error}
        onConfirm={() => mutation.mutate()}
        onClose={() => {
          setAsking(false);
          setTyped('');
        }}
      >
        <Stack gap="sm">
          <Text size="sm">
            This cannot be undone. {trader.open_positions > 0 && 'It still has open positions: close them first if you want to be flat.'}
          </Text>
          <TextInput
            label={`Type "${trader.name}" to confirm`}
            autoComplete="off"
            data-autofocus
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        </Stack>
      </Confirm>
    </Stack>
  );
}
