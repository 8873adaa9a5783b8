import { Button, Group, Modal, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { sentenceOf } from '../api/api-error.ts';
import classes from './confirm.module.css';

interface ConfirmProps {
  readonly opened: boolean;
  readonly title: string;
  /** Says what will happen, and what will not. */
  readonly children: ReactNode;
  readonly action: string;
  readonly isDangerous?: boolean;
  readonly isDisabled?: boolean;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something that cannot simply be taken back. The button names the action, never "OK". */
export function Confirm(props: ConfirmProps) {
  return (
    <Modal.Root opened={props.opened} onClose={props.onClose} centered>
      <Modal.Overlay />
      <Modal.Content aria-label={props.title}>
        <Modal.Body pt="md">
          <h2 className={classes.title}>{props.title}</h2>
          <div className={classes.text}>{props.children}</div>
          {props.error !== null && props.error !== undefined && (
            <Text c="var(--mantine-color-error)" size="sm" mt="sm" role="alert">
              {sentenceOf(props.error)}
            </Text>
          )}
          <Group justify="flex-end" mt="lg">
            <Button variant="default" onClick={props.onClose}>
              Cancel
            </Button>
            <Button
              color={props.isDangerous === true ? 'danger' : 'accent'}
              loading={props.isPending}
              disabled={props.isDisabled}
              onClick={props.onConfirm}
            >
              {props.action}
            </Button>
          </Group>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
