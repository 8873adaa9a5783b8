import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyFilter } from './key-filter.ts';

const KEY = 'sk-proj-Zq7LmN04vTcXw2Ry9KbA';
const clean = keyFilter(KEY);

describe('keyFilter', () => {
  it.each([
    ['whole', `key ${KEY} refused`, 'key [redacted] refused'],
    ['cut at its end', `key ${KEY.slice(0, 14)} refused`, 'key [redacted] refused'],
    ['cut at its start', `key ${KEY.slice(-12)} refused`, 'key [redacted] refused'],
    ['twice in a row', `${KEY}${KEY}`, '[redacted][redacted]'],
    ['masked by stars', 'key sk-pr***********9KbA refused', 'key [redacted] refused'],
    ['masked by dots', 'key sk-p...9KbA refused', 'key [redacted] refused'],
    ['masked with only its end', 'key ****9KbA refused', 'key [redacted] refused'],
  ])('hides the key %s', (_name, text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  it('leaves other text alone', () => {
    for (const text of [
      'The model `gpt-4o` does not exist.',
      '{"operation":"hold"}',
      'wait... what?',
      '**bold** text',
      'sk-p is a prefix',
      '',
    ])
      expect(clean(text)).toBe(text);
  });

  it('leaves no piece of six characters, wherever the key stands', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 8, maxLength: 60 }),
        fc.string(),
        fc.string(),
        fc.nat(),
        fc.nat(),
        (key, before, after, from, length) => {
          const start = from % (key.length - 5);
          const piece = key.slice(start, start + 6 + (length % (key.length - start)));
          const left = keyFilter(key)(`${before}${piece}${after}`).replaceAll('[redacted]', '\u0000');
          for (let at = 0; at + 6 <= key.length; at++)
            if (!'[redacted]'.includes(key.slice(at, at + 6))) expect(left).not.toContain(key.slice(at, at + 6));
        },
      ),
    );
  });

  it('does nothing without a key, or with a word as key', () => {
    expect(keyFilter(null)('anything')).toBe('anything');
    expect(keyFilter('ollama')('ollama run llama3')).toBe('ollama run llama3');
  });
});
