import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { login } from '../../api/users.ts';
import { Notice } from '../../components/notice.tsx';
import { AuthLayout } from './auth-layout.tsx';
import { FormError } from './form-error.tsx';
import { useEnter } from './queries.ts';

interface Fields {
  readonly name: string;
  readonly password: string;
}

/** A name with an @ is an e-mail address; user names cannot contain one. */
function toBody({ name, password }: Fields) {
  return name.includes('@') ? { email: name, password } : { username: name, password };
}

export function LoginPage({ back, hasEnded }: { readonly back: string; readonly hasEnded: boolean }) {
  const enter = useEnter();
  const form = useForm<Fields>({ defaultValues: { name: '', password: '' } });
  const mutation = useMutation({ mutationFn: (fields: Fields) => login(toBody(fields)), onSuccess: () => enter(back) });
  const { errors } = form.formState;
  return (
    <AuthLayout title="Log in" lead="Welcome back to the trading desk.">
      <form onSubmit={form.handleSubmit((fields) => mutation.mutate(fields))} noValidate>
        <Stack gap="sm">
          {hasEnded && <Notice tone="info" title="Your session has ended. Log in to go on where you were." />}
          <TextInput
            label="User name or e-mail"
            autoComplete="username"
            autoFocus
            error={errors.name?.message}
            {...form.register('name', { required: 'Enter your user name.' })}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            error={errors.password?.message}
            {...form.register('password', { required: 'Enter your password.' })}
          />
          <FormError error={mutation.error} />
          <Button type="submit" size="sm" loading={mutation.isPending} mt={4}>
            Log in
          </Button>
        </Stack>
      </form>
    </AuthLayout>
  );
}
