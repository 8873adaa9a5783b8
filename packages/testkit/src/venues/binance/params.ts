import { type Decimal, decimal, isDecimal } from '@hyperoru/domain';
import { percentDecoded } from './signing.ts';

/** The parameters of one request by name, whether they came in the query or in the body; the query wins. */
export class Params {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  static parse(query: string, body: string): Params {
    const values = new Map<string, string>();
    for (const pair of [...query.split('&'), ...body.split('&')]) {
      const at = pair.indexOf('=');
      const name = percentDecoded(at < 0 ? pair : pair.slice(0, at));
      const value = at < 0 ? '' : percentDecoded(pair.slice(at + 1).replaceAll('+', ' '));
      if (name !== null && name !== '' && value !== null && !values.has(name)) values.set(name, value);
    }
    return new Params(values);
  }

  /** Parameters of one order of a batch. */
  static of(values: object): Params {
    return new Params(new Map(Object.entries(values).map(([name, value]) => [name, String(value)])));
  }

  has(name: string): boolean {
    return this.text(name) !== null;
  }

  /** null when missing or empty. */
  text(name: string): string | null {
    const value = this.#values.get(name);
    return value === undefined || value === '' ? null : value;
  }

  /** null when missing or not a plain decimal. */
  decimal(name: string): Decimal | null {
    const value = this.text(name);
    return value === null || !isDecimal(value) ? null : decimal(value);
  }

  /** null when missing or not an integer of safe size. */
  integer(name: string): number | null {
    const value = this.text(name);
    const number = value !== null && /^ ?-?\d+$/.test(value) ? Number(value) : Number.NaN;
    return Number.isSafeInteger(number) ? number : null;
  }

  flag(name: string): boolean {
    return this.text(name)?.toLowerCase() === 'true';
  }
}
