import { describe, expect, test } from 'vitest';
import { missingNames, missingPaths, quotedIn, readDocument } from './quoted-tests.ts';

const document = readDocument('docs/regressions.md');
const REGRESSIONS = 28;
const quoted = quotedIn(document, (line) => /^ +- `/.test(line));

describe('the document of regressions', () => {
  test('has every regression, each with a test, or open and with what it comes', () => {
    const entries = document.split(/^\d+\. /m).slice(1);
    expect(entries).toHaveLength(REGRESSIONS);
    for (const entry of entries) expect(entry).toMatch(/^ +- (?:`.+` “.+”|\*Open\*: .*comes with )/m);
  });

  test('names no file that does not exist', () => {
    expect(missingPaths(document)).toEqual([]);
  });

  test.each(quoted)('names tests that $path really has', (each) => {
    expect(each.names.length).toBeGreaterThan(0);
    expect(missingNames(each)).toEqual([]);
  });
});
