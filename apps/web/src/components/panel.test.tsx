import { MantineProvider } from '@mantine/core';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, expect, test } from 'vitest';
import { ApiError } from '../api/api-error.ts';
import { Loaded } from './panel.tsx';

afterEach(cleanup);

const show = (node: ReactNode) => render(<MantineProvider>{node}</MantineProvider>);
const query = (change: { data?: string[] | undefined; error?: Error | null; refetch?: () => unknown }) => ({
  data: undefined,
  error: null,
  refetch: () => null,
  ...change,
});
const list = (items: string[]) => items.join(', ');

test('what is on its way is announced as loading', () => {
  show(<Loaded query={query({})}>{list}</Loaded>);
  expect(screen.getByRole('status', { name: 'Loading' })).toBeDefined();
});

test('a failure tells the sentence, the fix and the request, and can be tried again', () => {
  let retries = 0;
  const error = new ApiError(429, { error: 'Too many requests.', code: 'RATE_LIMITED', request_id: 'req_7' });
  show(<Loaded query={query({ error, refetch: () => retries++ })}>{list}</Loaded>);
  expect(screen.getByRole('alert').textContent).toContain('Too many requests.');
  expect(screen.getByRole('alert').textContent).toContain('Wait for Retry-After seconds.');
  expect(screen.getByText('Request req_7')).toBeDefined();
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(retries).toBe(1);
});

test('old data stays when a reload fails', () => {
  show(<Loaded query={query({ data: ['one'], error: new Error('Offline.') })}>{list}</Loaded>);
  expect(screen.getByText('one')).toBeDefined();
});

test('nothing is shown as such, with the next step', () => {
  show(
    <Loaded query={query({ data: [] })} isEmpty={(data) => data.length === 0} empty={<p>Create the first one</p>}>
      {list}
    </Loaded>,
  );
  expect(screen.getByText('Create the first one')).toBeDefined();
});
