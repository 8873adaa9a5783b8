import { addMs, type Timestamp } from '@hyperoru/domain';
import type { StoreTx } from '@hyperoru/engine';
import { FAKE_EPOCH } from '@hyperoru/testkit';
import fc from 'fast-check';
import { type Pool, ROWS, TRADERS } from './pool.ts';

/** One statement that both stores are asked for. `name` and `input` are what a failing example shows. */
export interface Operation {
  readonly name: string;
  readonly input: unknown;
  act(tx: StoreTx, pool: Pool): Promise<unknown>;
}

export function operation<Input>(
  name: string,
  input: fc.Arbitrary<Input>,
  act: (tx: StoreTx, pool: Pool, input: Input) => Promise<unknown>,
): fc.Arbitrary<Operation> {
  return input.map((given) => ({ name, input: given, act: (tx, pool) => act(tx, pool, given) }));
}

/** Moments after the epoch, ms. */
export const MOMENTS = 20;

/** One of the rows of all worlds. */
export const row = fc.nat({ max: ROWS * TRADERS - 1 });
export const owner = fc.nat({ max: TRADERS - 1 });
export const moment: fc.Arbitrary<Timestamp> = fc.nat({ max: MOMENTS }).map((ms) => addMs(FAKE_EPOCH, ms));
export const perhaps = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null, freq: 1 });
export const amount = fc.constantFrom('1', '-1', '0.5', '-2.25', '1000.000000000000000001', '-0.000001', '0');
