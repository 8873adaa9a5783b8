import type { Binding } from '@hyperoru/contracts';
import { Button, Group, Stack, Switch } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keys } from '../../api/keys.ts';
import { deleteBinding, patchBinding } from '../../api/traders.ts';
import { Confirm } from '../../components/confirm.tsx';
import { Loaded } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { showFailure } from '../shell/show-failure.ts';
import { scheduleWords } from '../trader/schedule-words.ts';
import { bindingsQuery } from '../traders/queries.ts';
import { BindingForm } from './binding-form.tsx';
import classes from './settings.module.css';

type Editing = Binding | 'new' | null;

/** The bindings of a trader: which prompt decides, about what, when. */
export function BindingsSection({ traderId }: { readonly traderId: string }) {
  const query = useQuery(bindingsQuery(traderId));
  const [editing, setEditing] = useState<Editing>(null);
  if (editing !== null) {
    return (
      <BindingForm
        traderId={traderId}
        action={editing === 'new' ? 'Bind the prompt' : 'Save'}
        onSaved={() => setEditing(null)}
        onCancel={() => setEditing(null)}
        {...(editing === 'new' ? {} : { binding: editing })}
      />
    );
  }
  const add = (
    <Button variant="default" onClick={() => setEditing('new')}>
      Bind a prompt
    </Button>
  );
  return (
    <Loaded
      query={query}
      rows={2}
      isEmpty={(data) => data.items.length === 0}
      empty={<Empty title="No prompt is bound, so nothing decides." action={add} />}
    >
      {(data) => (
        <Stack gap="sm">
          {data.items.map((binding) => (
            <BindingRow key={binding.id} binding={binding} onEdit={() => setEditing(binding)} />
          ))}
          <Group>{add}</Group>
        </Stack>
      )}
    </Loaded>
  );
}

function BindingRow({ binding, onEdit }: { readonly binding: Binding; readonly onEdit: () => void }) {
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: keys.traders });
  const toggling = useMutation({
    mutationFn: (enabled: boolean) => patchBinding(binding.id, { enabled }),
    onSuccess: refresh,
    onError: (error) => showFailure('Not changed', error),
  });
  const removing = useMutation({ mutationFn: () => deleteBinding(binding.id), onSuccess: refresh });
  const what = `${binding.prompt_name} on ${binding.symbols.join(', ')}`;
  return (
    <div className={classes.binding}>
      <div>
        <b>{binding.prompt_name}</b>
        <div className={classes.dim}>
          {binding.symbols.join(', ')} {scheduleWords(binding.triggers)}
        </div>
      </div>
      <Group gap="xs">
        <Switch
          size="xs"
          label="On"
          aria-label={`${what} is on`}
          checked={binding.enabled}
          disabled={toggling.isPending}
          onChange={(event) => toggling.mutate(event.currentTarget.checked)}
        />
        <Button variant="default" size="compact-xs" onClick={onEdit} aria-label={`Change ${what}`}>
          Change
        </Button>
        <Button variant="default" size="compact-xs" onClick={() => setAsking(true)} aria-label={`Remove ${what}`}>
          Remove
        </Button>
      </Group>
      <Confirm
        opened={isAsking}
        title="Remove this binding?"
        action="Remove the binding"
        isDangerous
        isPending={removing.isPending}
        error={removing.error}
        onConfirm={() => removing.mutate()}
        onClose={() => setAsking(false)}
      >
        {what} no longer decides. Its decisions stay in the history.
      </Confirm>
    </div>
  );
}
