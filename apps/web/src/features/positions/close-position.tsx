import type { Position } from '@hyperoru/contracts';
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keys } from '../../api/keys.ts';
import { closePosition } from '../../api/records.ts';
import { Confirm } from '../../components/confirm.tsx';
import { exact } from '../../format/amount.ts';

/** Closes a position at market, after saying what that means and on whose money. */
export function ClosePosition({ position }: { readonly position: Position }) {
  const [isAsking, setAsking] = useState(false);
  const client = useQueryClient();
  const mutation = useMutation({
    mutationFn: () => closePosition(position.id),
    onSuccess: async () => {
      setAsking(false);
      await client.invalidateQueries({ queryKey: keys.positions });
    },
  });
  const what = `${position.side} ${exact(position.quantity)} ${position.symbol}`;
  const money = position.environment === 'mainnet' ? 'This moves real money.' : 'This moves simulated money only.';
  return (
    <>
      <Button variant="default" size="compact-xs" onClick={() => setAsking(true)} aria-label={`Close ${what}`}>
        Close
      </Button>
      <Confirm
        opened={isAsking}
        title="Close this position?"
        action="Close the position"
        isDangerous={position.environment === 'mainnet'}
        isPending={mutation.isPending}
        error={mutation.error}
        onConfirm={() => mutation.mutate()}
        onClose={() => setAsking(false)}
      >
        {what} is closed at market by a reduce-only order, and its stop and take-profit are withdrawn. {money}
      </Confirm>
    </>
  );
}
