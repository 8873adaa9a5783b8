import { zodResolver } from '@hookform/resolvers/zod';
import { Name, type TraderCard } from '@hyperoru/contracts';
import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { keys } from '../../api/keys.ts';
import { patchTrader } from '../../api/traders.ts';
import { FormError } from '../session/form-error.tsx';
import { showSuccess } from '../shell/show-failure.ts';

const Fields = z.object({ name: Name, description: z.string().max(1000) });

/** Name and description; both are free to change at any time. */
export function IdentityForm({ trader }: { readonly trader: Pick<TraderCard, 'id' | 'name' | 'description'> }) {
  const client = useQueryClient();
  const form = useForm({ resolver: zodResolver(Fields), defaultValues: { name: trader.name, description: trader.description } });
  const mutation = useMutation({
    mutationFn: (fields: z.infer<typeof Fields>) => patchTrader(trader.id, fields),
    onSuccess: async () => {
      showSuccess('Saved.');
      await client.invalidateQueries({ queryKey: keys.traders });
    },
  });
  return (
    <form onSubmit={form.handleSubmit((fields) => mutation.mutate(fields))} noValidate>
      <Stack gap="sm">
        <TextInput label="Name" error={form.formState.errors.name?.message} {...form.register('name')} />
        <Textarea
          label="Description"
          autosize
          minRows={2}
          maxRows={6}
          error={form.formState.errors.description?.message}
          {...form.register('description')}
        />
        <FormError error={mutation.error} />
        <Group>
          <Button type="submit" loading={mutation.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
