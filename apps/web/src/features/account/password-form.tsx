import { zodResolver } from '@hookform/resolvers/zod';
import { SetupBody } from '@hyperoru/contracts';
import { Button, PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { changeProfile } from '../../api/users.ts';
import { FormError } from '../session/form-error.tsx';
import { showSuccess } from '../shell/show-failure.ts';
import classes from './account-page.module.css';

const Fields = z.object({ current: z.string().min(1, 'Enter your current password.'), next: SetupBody.shape.password });
const EMPTY = { current: '', next: '' };

export function PasswordForm() {
  const form = useForm({ resolver: zodResolver(Fields), defaultValues: EMPTY });
  const mutation = useMutation({
    mutationFn: ({ current, next }: z.infer<typeof Fields>) => changeProfile({ current_password: current, password: next }),
    onSuccess: () => {
      showSuccess('Password changed.');
      form.reset(EMPTY);
    },
  });
  const { errors } = form.formState;
  return (
    <form className={classes.body} onSubmit={form.handleSubmit((fields) => mutation.mutate(fields))} noValidate>
      <PasswordInput
        label="Current password"
        autoComplete="current-password"
        error={errors.current?.message}
        {...form.register('current')}
      />
      <PasswordInput
        label="New password"
        description="At least 10 characters."
        autoComplete="new-password"
        error={errors.next?.message}
        {...form.register('next')}
      />
      <FormError error={mutation.error} />
      <Button type="submit" loading={mutation.isPending}>
        Change password
      </Button>
    </form>
  );
}
