import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findStale, writeGenerated } from './generated-files.ts';

let root: string;
const files = [{ path: 'docs/reference/a.md', text: 'one\n' }];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hyperoru-docs-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the gate on generated documents', () => {
  test('fails when a document is missing', () => {
    expect(findStale(root, files)).toEqual(['docs/reference/a.md: missing – run npm run docs and commit it.']);
  });

  test('passes after they were written, and writing again changes nothing', () => {
    expect(writeGenerated(root, files)).toEqual(['docs/reference/a.md']);
    expect(findStale(root, files)).toEqual([]);
    expect(writeGenerated(root, files)).toEqual([]);
  });

  test('fails when a document was edited by hand', () => {
    writeGenerated(root, files);
    writeFileSync(join(root, 'docs/reference/a.md'), 'two\n');
    expect(findStale(root, files)).toEqual(['docs/reference/a.md: not what the sources say – run npm run docs and commit it.']);
  });
});
