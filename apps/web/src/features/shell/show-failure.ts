import { notifications } from '@mantine/notifications';
import { ApiError, fixOf, sentenceOf } from '../../api/api-error.ts';

/** Says in a corner that an action did not happen, why, and which request it was. */
export function showFailure(title: string, error: unknown): void {
  const request = error instanceof ApiError && error.requestId !== null ? ` (request ${error.requestId})` : '';
  notifications.show({
    color: 'danger',
    title,
    message: [sentenceOf(error), fixOf(error)].filter((part) => part !== null).join(' ') + request,
    autoClose: 12_000,
    closeButtonProps: { 'aria-label': 'Close the message' },
  });
}

/** Says in a corner that an action has happened. */
export function showSuccess(message: string): void {
  notifications.show({ color: 'accent', message, closeButtonProps: { 'aria-label': 'Close the message' } });
}
