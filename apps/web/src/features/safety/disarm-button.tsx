import type { Kill } from '@hyperoru/contracts';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { disarm } from '../../api/safety.ts';
import { Confirm } from '../../components/confirm.tsx';
import { showSuccess } from '../shell/show-failure.ts';
import { useRefresh } from './use-refresh.ts';

/** Lets traders enter again; the server asks for the password before it does so. */
export function DisarmButton({ kill, name }: { readonly kill: Kill; readonly name: string }) {
  const [isAsking, setAsking] = useState(false);
  const refresh = useRefresh();
  const mutation = useMutation({
    mutationFn: () => disarm(kill.id),
    onSuccess: async () => {
      setAsking(false);
      showSuccess('Disarmed. Nobody was resumed; start your traders when you are ready.');
      await refresh();
    },
  });
  return (
    <>
      <Button variant="default" size="compact-xs" onClick={() => setAsking(true)} aria-label={`Disarm the kill switch of ${name}`}>
        Disarm
      </Button>
      <Confirm
        opened={isAsking}
        title="Disarm the kill switch?"
        action="Disarm"
        isDangerous
        isPending={mutation.isPending}
        error={mutation.error}
        onConfirm={() => mutation.mutate()}
        onClose={() => setAsking(false)}
      >
        {name} may enter positions again once it is resumed. Nobody is resumed by this.
        {kill.finished_at === null && ' What is not flat yet is not closed any more.'}
      </Confirm>
    </>
  );
}
