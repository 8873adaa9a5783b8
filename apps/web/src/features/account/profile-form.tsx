import { zodResolver } from '@hookform/resolvers/zod';
import { SetupBody, type User } from '@hyperoru/contracts';
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { keys } from '../../api/keys.ts';
import { changeProfile } from '../../api/users.ts';
import { FormError } from '../session/form-error.tsx';
import { showSuccess } from '../shell/show-failure.ts';
import classes from './account-page.module.css';

const Fields = z.object({
  username: SetupBody.shape.username,
  email: z.union([z.literal(''), z.email('Expected an e-mail address.').max(200)]),
});

export function ProfileForm({ user }: { readonly user: User }) {
  const client = useQueryClient();
  const form = useForm({ resolver: zodResolver(Fields), defaultValues: { username: user.username, email: user.email ?? '' } });
  const mutation = useMutation({
    mutationFn: ({ username, email }: z.infer<typeof Fields>) => changeProfile({ username, email: email === '' ? null : email }),
    onSuccess: (saved) => {
      showSuccess('Profile saved.');
      client.setQueryData(keys.profile, saved);
    },
  });
  const { errors } = form.formState;
  return (
    <form className={classes.body} onSubmit={form.handleSubmit((fields) => mutation.mutate(fields))} noValidate>
      <TextInput label="User name" autoComplete="username" error={errors.username?.message} {...form.register('username')} />
      <TextInput label="E-mail" type="email" autoComplete="email" error={errors.email?.message} {...form.register('email')} />
      <FormError error={mutation.error} />
      <Button type="submit" loading={mutation.isPending}>
        Save profile
      </Button>
    </form>
  );
}
