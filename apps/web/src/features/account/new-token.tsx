import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keys } from '../../api/keys.ts';
import { createToken } from '../../api/users.ts';
import { FormError } from '../session/form-error.tsx';
import { SecretOnce } from './secret-once.tsx';

const LIFETIMES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
  { value: '', label: 'Until revoked' },
];

export function NewToken() {
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const client = useQueryClient();
  const mutation = useMutation({
    mutationFn: () => createToken({ name: name.trim(), ...(days === '' ? {} : { expires_in_days: Number(days) }) }),
    onSuccess: async () => {
      setName('');
      await client.invalidateQueries({ queryKey: keys.tokens });
    },
  });
  return (
    <Stack gap="sm" p="md" style={{ borderBottom: '1px solid var(--line)' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          mutation.mutate();
        }}
      >
        <Group align="flex-end" gap="sm">
          <TextInput
            label="Name of the token"
            placeholder="Backup script"
            value={name}
            maxLength={80}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NativeSelect label="Valid for" data={LIFETIMES} value={days} onChange={(event) => setDays(event.currentTarget.value)} />
          <Button type="submit" size="sm" disabled={name.trim() === ''} loading={mutation.isPending}>
            Create token
          </Button>
        </Group>
      </form>
      <FormError error={mutation.error} />
      {mutation.data !== undefined && (
        <SecretOnce title={`Token "${mutation.data.name}" created.`} secret={mutation.data.token}>
          Copy it now: it is shown only here and only once.
        </SecretOnce>
      )}
    </Stack>
  );
}
