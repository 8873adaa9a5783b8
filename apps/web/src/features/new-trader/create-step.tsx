import { zodResolver } from '@hookform/resolvers/zod';
import { Name } from '@hyperoru/contracts';
import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { keys } from '../../api/keys.ts';
import { createTrader } from '../../api/traders.ts';
import { FormError } from '../session/form-error.tsx';

const Fields = z.object({ name: Name, description: z.string().max(1000) });

export function CreateStep({ onCreated }: { readonly onCreated: (traderId: string) => void }) {
  const client = useQueryClient();
  const form = useForm({ resolver: zodResolver(Fields), defaultValues: { name: '', description: '' } });
  const mutation = useMutation({
    mutationFn: (fields: z.infer<typeof Fields>) => createTrader(fields),
    onSuccess: async (trader) => {
      await client.invalidateQueries({ queryKey: keys.traders });
      onCreated(trader.id);
    },
  });
  const { errors } = form.formState;
  return (
    <form onSubmit={form.handleSubmit((fields) => mutation.mutate(fields))} noValidate>
      <Stack gap="sm">
        <TextInput label="Name" placeholder="Momentum on BTC" autoFocus error={errors.name?.message} {...form.register('name')} />
        <Textarea
          label="Description"
          description="Optional: what it is meant to do."
          autosize
          minRows={2}
          error={errors.description?.message}
          {...form.register('description')}
        />
        <FormError error={mutation.error} />
        <Group>
          <Button type="submit" loading={mutation.isPending}>
            Create the trader
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
