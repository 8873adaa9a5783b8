import type { Binding } from '@hyperoru/contracts';
import { Button, Menu } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { keys } from '../../api/keys.ts';
import { triggerBinding } from '../../api/traders.ts';
import { Icon } from '../../components/icon.tsx';
import { showFailure, showSuccess } from '../shell/show-failure.ts';
import { bindingsQuery } from '../traders/queries.ts';

/** Starts a run by hand; with several bindings a menu asks which. */
export function RunNow({ traderId }: { readonly traderId: string }) {
  const client = useQueryClient();
  const bindings = useQuery(bindingsQuery(traderId)).data?.items ?? [];
  const mutation = useMutation({
    mutationFn: (binding: Binding) => triggerBinding(binding.id),
    onSuccess: async () => {
      showSuccess('Run started. Its decision appears in the feed below.');
      await client.invalidateQueries({ queryKey: keys.runs });
    },
    onError: (error) => showFailure('Not started', error),
  });
  const only = bindings.length === 1 ? bindings[0] : undefined;
  const button = (
    <Button
      variant="default"
      leftSection={<Icon name="spark" size={14} />}
      loading={mutation.isPending}
      disabled={bindings.length === 0}
      onClick={only && (() => mutation.mutate(only))}
    >
      Run now
    </Button>
  );
  if (bindings.length <= 1) return button;
  return (
    <Menu>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        {bindings.map((binding) => (
          <Menu.Item key={binding.id} onClick={() => mutation.mutate(binding)}>
            {binding.prompt_name} on {binding.symbols.join(', ')}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
