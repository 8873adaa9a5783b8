import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useForm } from 'react-hook-form';
import { sentenceOf } from '../../api/api-error.ts';
import { onStepUpNeeded } from '../../api/step-up.ts';
import { stepUp } from '../../api/users.ts';

/** Above every other dialog: one of those may be what needs it. */
const LAYER = 400;
const TITLE = 'Your password once more';
const EMPTY = { password: '' };

/** Asks for the password when a request needs step-up; the request then goes on by itself. */
export function StepUpDialog() {
  const [answer, setAnswer] = useState<((isProven: boolean) => void) | null>(null);
  useEffect(() => onStepUpNeeded(() => new Promise<boolean>((resolve) => setAnswer(() => resolve))), []);
  const form = useForm({ defaultValues: EMPTY });
  const end = (isProven: boolean): void => {
    answer?.(isProven);
    setAnswer(null);
    form.reset(EMPTY);
    mutation.reset();
  };
  const mutation = useMutation({ mutationFn: ({ password }: typeof EMPTY) => stepUp(password), onSuccess: () => end(true) });
  const refusal = mutation.error === null ? null : sentenceOf(mutation.error);
  return (
    <Modal opened={answer !== null} onClose={() => end(false)} title={TITLE} withCloseButton={false} zIndex={LAYER} centered>
      <form onSubmit={form.handleSubmit((fields) => mutation.mutate(fields))} noValidate>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            What you asked for allows more risk than before, or takes a protection away. It goes on once you have proven that it is you. The
            password counts for five minutes.
          </Text>
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            data-autofocus
            error={form.formState.errors.password?.message ?? refusal}
            {...form.register('password', { required: 'Enter your password.' })}
          />
          <Group justify="flex-end" mt="xs">
            <Button variant="default" onClick={() => end(false)}>
              Cancel
            </Button>
            <Button type="submit" loading={mutation.isPending}>
              Go on
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
