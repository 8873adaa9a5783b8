import type { TraderSafety } from '@hyperoru/contracts';
import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { drill, kill } from '../../api/safety.ts';
import { Confirm } from '../../components/confirm.tsx';
import { Icon } from '../../components/icon.tsx';
import { showSuccess } from '../shell/show-failure.ts';
import { tellReport } from './safety-words.ts';
import { useRefresh } from './use-refresh.ts';

/** What has to be typed before the whole instance is stopped. */
const INSTANCE_WORD = 'STOP';

interface KillButtonProps {
  /** null = every trader of the instance. */
  readonly trader: Pick<TraderSafety, 'trader_id' | 'trader_name' | 'environment'> | null;
}

/** Stops one trader or all of them, after a reason and a typed confirmation. */
export function KillButton({ trader }: KillButtonProps) {
  const [isAsking, setAsking] = useState(false);
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const refresh = useRefresh();
  const close = (): void => {
    setAsking(false);
    setTyped('');
    setReason('');
    mutation.reset();
  };
  const mutation = useMutation({
    mutationFn: () => kill(trader?.trader_id ?? null, reason.trim()),
    onSuccess: async (done) => {
      close();
      showSuccess(`${done.finished_at === null ? 'Blocked; still closing' : 'Blocked and closed'}: ${tellReport(done)}.`);
      await refresh();
    },
  });
  const word = trader?.trader_name ?? INSTANCE_WORD;
  const isReady = typed.trim() === word && reason.trim() !== '';
  return (
    <>
      {trader === null ? (
        <Button color="danger" leftSection={<Icon name="alert" size={14} />} onClick={() => setAsking(true)}>
          Kill all traders
        </Button>
      ) : (
        <Button color="danger" variant="light" size="compact-xs" aria-label={`Kill ${word}`} onClick={() => setAsking(true)}>
          Kill
        </Button>
      )}
      <Confirm
        opened={isAsking}
        title={trader === null ? 'Stop every trader of this instance?' : `Stop ${word}?`}
        action="Stop and close everything"
        isDangerous
        isDisabled={!isReady}
        isPending={mutation.isPending}
        error={mutation.error}
        onConfirm={() => mutation.mutate()}
        onClose={close}
      >
        <Stack gap="sm">
          <Text size="sm">
            Nothing can be entered from now on. Entry orders are canceled and positions are closed at market until the exchange reports that
            nothing is left; then stops are removed. {trader === null ? 'All traders stay' : 'The trader stays'} paused, also after
            disarming. {moneyOf(trader)}
          </Text>
          <TextInput
            label="Why"
            autoComplete="off"
            data-autofocus
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <TextInput
            label={`Type "${word}" to confirm`}
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        </Stack>
      </Confirm>
    </>
  );
}

function moneyOf(trader: KillButtonProps['trader']): string {
  if (trader === null) return 'Real money moves where a trader trades with real money.';
  return trader.environment === 'mainnet' ? 'This moves real money.' : 'This moves simulated money only.';
}

/** The same on a paper trader, to see that it works; it disarms itself. */
export function DrillButton({ trader }: { readonly trader: Pick<TraderSafety, 'trader_id' | 'trader_name'> }) {
  const [isAsking, setAsking] = useState(false);
  const refresh = useRefresh();
  const mutation = useMutation({
    mutationFn: () => drill(trader.trader_id),
    onSuccess: async (done) => {
      setAsking(false);
      showSuccess(`Drill done: ${tellReport(done)}. ${trader.trader_name} is paused now.`);
      await refresh();
    },
  });
  return (
    <>
      <Button variant="default" size="compact-xs" aria-label={`Drill ${trader.trader_name}`} onClick={() => setAsking(true)}>
        Drill
      </Button>
      <Confirm
        opened={isAsking}
        title={`Drill the kill switch on ${trader.trader_name}?`}
        action="Run the drill"
        isPending={mutation.isPending}
        error={mutation.error}
        onConfirm={() => mutation.mutate()}
        onClose={() => setAsking(false)}
      >
        It does in full what the kill switch does: cancels the entries and closes the positions of this paper trader, and reports the times.
        It disarms itself; the trader stays paused. Simulated money only.
      </Confirm>
    </>
  );
}
