import type { TraderCard } from '@hyperoru/contracts';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { keys } from '../../api/keys.ts';
import { setActive } from '../../api/traders.ts';
import { EnvironmentBadge } from '../../components/environment-badge.tsx';
import { LinkButton } from '../../components/link.tsx';
import { Notice } from '../../components/notice.tsx';
import { FormError } from '../session/form-error.tsx';
import { missingText } from '../traders/setup-steps.ts';

/** The last step: what happens when it starts, and the start. */
export function ActivateStep({ trader }: { readonly trader: TraderCard }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const mutation = useMutation({
    mutationFn: () => setActive(trader.id, true),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.traders });
      await navigate({ to: '/traders/$traderId', params: { traderId: trader.id } });
    },
  });
  const isReady = trader.setup_missing.length === 0;
  return (
    <Stack gap="sm">
      {trader.environment !== null && (
        <div>
          <EnvironmentBadge environment={trader.environment} long />
        </div>
      )}
      {isReady ? (
        <Text size="sm">
          {trader.name} will decide with {trader.llm?.model} by its schedule. Every decision passes the risk limits, every entry carries its
          stop, and each run is recorded with its reason, also when nothing is traded.
        </Text>
      ) : (
        <Notice tone="warn" title={missingText(trader.setup_missing)} />
      )}
      <FormError error={mutation.error} />
      <Group>
        <Button disabled={!isReady} loading={mutation.isPending} onClick={() => mutation.mutate()}>
          Activate
        </Button>
        <LinkButton to="/traders/$traderId" params={{ traderId: trader.id }} variant="default">
          Leave it paused
        </LinkButton>
      </Group>
    </Stack>
  );
}
