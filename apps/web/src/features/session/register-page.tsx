import { zodResolver } from '@hookform/resolvers/zod';
import { RegisterBody } from '@hyperoru/contracts';
import { Button, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { register } from '../../api/users.ts';
import { AccountFields, type AccountFieldValues, withoutEmptyEmail } from './account-fields.tsx';
import { AuthLayout } from './auth-layout.tsx';
import { FormError } from './form-error.tsx';
import { useEnter } from './queries.ts';

const Fields = z.object({
  token: z.string().trim().min(1, 'Ask the owner for an invitation.').max(200),
  username: RegisterBody.shape.username,
  email: z.union([z.literal(''), z.email('Expected an e-mail address.').max(200)]),
  password: RegisterBody.shape.password,
});

/** Joins an instance by its owner's invitation. */
export function RegisterPage({ invitation }: { readonly invitation: string }) {
  const enter = useEnter();
  const form = useForm<AccountFieldValues>({
    resolver: zodResolver(Fields),
    defaultValues: { token: invitation, username: '', email: '', password: '' },
  });
  const mutation = useMutation({
    mutationFn: ({ token: invitation_token, ...fields }: AccountFieldValues) =>
      register({ invitation_token, ...withoutEmptyEmail(fields) }),
    onSuccess: () => enter('/'),
  });
  const { errors } = form.formState;
  return (
    <AuthLayout title="Join" lead="You were invited to this instance. Choose your name and password.">
      <form onSubmit={form.handleSubmit((fields) => mutation.mutate(fields))} noValidate>
        <Stack gap="sm">
          <TextInput label="Invitation" autoComplete="off" error={errors.token?.message} {...form.register('token')} />
          <AccountFields register={form.register} errors={errors} />
          <FormError error={mutation.error} />
          <Button type="submit" size="sm" loading={mutation.isPending} mt={4}>
            Join
          </Button>
        </Stack>
      </form>
    </AuthLayout>
  );
}
