import { zodResolver } from '@hookform/resolvers/zod';
import { SetupBody } from '@hyperoru/contracts';
import { Button, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { setUp } from '../../api/users.ts';
import { TextLink } from '../../components/link.tsx';
import { AccountFields, type AccountFieldValues, withoutEmptyEmail } from './account-fields.tsx';
import { AuthLayout } from './auth-layout.tsx';
import { FormError } from './form-error.tsx';
import { setupQuery, useEnter } from './queries.ts';

const Fields = z.object({
  token: z.string().trim().min(1, 'Copy the token printed in the terminal at start.').max(200),
  username: SetupBody.shape.username,
  email: z.union([z.literal(''), z.email('Expected an e-mail address.').max(200)]),
  password: SetupBody.shape.password,
});

/** The first person of an instance: proves to own the terminal, becomes its owner. */
export function SetupPage({ token }: { readonly token: string }) {
  const enter = useEnter();
  const setup = useQuery(setupQuery);
  const form = useForm<AccountFieldValues>({
    resolver: zodResolver(Fields),
    defaultValues: { token, username: '', email: '', password: '' },
  });
  const mutation = useMutation({
    mutationFn: ({ token: setup_token, ...fields }: AccountFieldValues) => setUp({ setup_token, ...withoutEmptyEmail(fields) }),
    onSuccess: () => enter('/'),
  });
  const { errors } = form.formState;
  if (setup.data?.needs_setup === false) {
    return (
      <AuthLayout title="Already set up" lead="This instance has its first user.">
        <TextLink to="/login">Go to login</TextLink>
      </AuthLayout>
    );
  }
  return (
    <AuthLayout title="Set up Hyperoru" lead="Create the first user. It owns this instance and everything that already runs on it.">
      <form onSubmit={form.handleSubmit((fields) => mutation.mutate(fields))} noValidate>
        <Stack gap="sm">
          <TextInput
            label="Set-up token"
            description="Printed once in the terminal that runs the server."
            autoComplete="off"
            autoFocus={token === ''}
            error={errors.token?.message}
            {...form.register('token')}
          />
          <AccountFields register={form.register} errors={errors} />
          <FormError error={mutation.error} />
          <Button type="submit" size="sm" loading={mutation.isPending} mt={4}>
            Create the first user
          </Button>
        </Stack>
      </form>
    </AuthLayout>
  );
}
