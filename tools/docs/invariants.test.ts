import { describe, expect, test } from 'vitest';
import { missingNames, missingPaths, quotedIn, readDocument } from './quoted-tests.ts';

const document = readDocument('docs/invariants.md');
const INVARIANTS = 18;

/** Tests and oracles are quoted alike: a path with names behind it. */
const quoted = quotedIn(document, (line) => line.startsWith('- Test:') || line.startsWith('- Oracle: `'));

describe('the document of invariants', () => {
  test('has every invariant, each with code, test and oracle', () => {
    const sections = document.split(/^## /m).slice(1);
    expect(sections).toHaveLength(INVARIANTS);
    for (const section of sections) {
      expect(section).toContain('- Code:');
      expect(section).toContain('- Test:');
      expect(section).toContain('- Oracle:');
    }
  });

  test('names no file that does not exist', () => {
    expect(missingPaths(document)).toEqual([]);
  });

  test.each(quoted)('names what $path really has', (each) => {
    expect(each.names.length).toBeGreaterThan(0);
    expect(missingNames(each)).toEqual([]);
  });
});
