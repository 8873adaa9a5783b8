import { PasswordInput, TextInput } from '@mantine/core';
import type { FieldErrors, UseFormRegister } from 'react-hook-form';

/** What a new account needs, whether the first or an invited one. */
export interface AccountFieldValues {
  readonly token: string;
  readonly username: string;
  readonly email: string;
  readonly password: string;
}

interface AccountFieldsProps {
  readonly register: UseFormRegister<AccountFieldValues>;
  readonly errors: FieldErrors<AccountFieldValues>;
}

export function AccountFields({ register, errors }: AccountFieldsProps) {
  return (
    <>
      <TextInput label="User name" autoComplete="username" error={errors.username?.message} {...register('username')} />
      <TextInput
        label="E-mail"
        description="Optional; you can also log in with it."
        type="email"
        autoComplete="email"
        error={errors.email?.message}
        {...register('email')}
      />
      <PasswordInput
        label="Password"
        description="At least 10 characters."
        autoComplete="new-password"
        error={errors.password?.message}
        {...register('password')}
      />
    </>
  );
}

/** An e-mail left empty is not sent. */
export function withoutEmptyEmail<T extends { email: string }>(fields: T): Omit<T, 'email'> & { email?: string } {
  const { email, ...rest } = fields;
  return email.trim() === '' ? rest : { ...rest, email: email.trim() };
}
