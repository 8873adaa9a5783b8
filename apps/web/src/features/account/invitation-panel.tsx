import { Button, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { createInvitation } from '../../api/users.ts';
import { FormError } from '../session/form-error.tsx';
import classes from './account-page.module.css';
import { SecretOnce } from './secret-once.tsx';

/** Lets one more person in, by a link. */
export function InvitationPanel() {
  const mutation = useMutation({ mutationFn: createInvitation });
  const invitation = mutation.data;
  return (
    <div className={classes.body}>
      <Text size="sm" c="dimmed">
        An invitation lets one more person register. Everyone sees only their own traders.
      </Text>
      {invitation !== undefined && (
        <SecretOnce
          title="Send this link to the person you invite."
          secret={`${location.origin}/register?invitation=${encodeURIComponent(invitation.invitation_token)}`}
        >
          It works once and is not shown again.
        </SecretOnce>
      )}
      <FormError error={mutation.error} />
      <Button variant="default" loading={mutation.isPending} onClick={() => mutation.mutate()}>
        Create an invitation
      </Button>
    </div>
  );
}
