import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { Amount, Change } from './figure.tsx';

afterEach(cleanup);

test('a gain and a loss differ by sign and arrow, not only by colour', () => {
  expect(render(<Amount value="12.5" unit="USD" signed />).container.textContent).toBe('▲+12.50USD');
  expect(render(<Amount value="-12.5" unit="USD" signed />).container.textContent).toBe('▼−12.50USD');
  expect(render(<Amount value="0" signed />).container.textContent).toBe('0.00');
});

test('an unknown amount is a dash, never a zero', () => {
  expect(render(<Amount value={null} />).container.textContent).toBe('–');
  expect(render(<Change value={null} />).container.textContent).toBe('–');
});
