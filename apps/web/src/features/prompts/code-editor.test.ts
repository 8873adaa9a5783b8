import { CompletionContext } from '@codemirror/autocomplete';
import { EditorState } from '@codemirror/state';
import { expect, test } from 'vitest';
import { completeVariable, toDiagnostics } from './code-editor.tsx';

const VARIABLES = [{ name: 'market_prices', meaning: 'Prices' }];
const complete = (doc: string) => completeVariable(new CompletionContext(EditorState.create({ doc }), doc.length, false), VARIABLES);

test.each(['{', '{{', '{{mark', 'Prices: {{ m'])('after "%s" variables are offered, braces included', (doc) => {
  expect(complete(doc)).toMatchObject({ from: doc.indexOf('{'), options: [{ label: '{{market_prices}}' }] });
});

test('plain words offer nothing', () => {
  expect(complete('market')).toBeNull();
});

test('a problem is marked at its place to the end of its line', () => {
  const state = EditorState.create({ doc: 'first\nsecond line' });
  const [mark] = toDiagnostics(state, [{ code: 'unknown_variable', message: 'Unknown.', line: 2, column: 8 }]);
  expect(mark).toMatchObject({ from: 13, to: 17, message: 'Unknown.' });
});

test('a place outside the text marks its nearest line instead of failing', () => {
  const state = EditorState.create({ doc: 'one' });
  const marks = toDiagnostics(state, [
    { code: 'x', message: 'Far.', line: 99, column: 99 },
    { code: 'x', message: 'Nowhere.', line: null, column: null },
  ]);
  expect(marks).toMatchObject([
    { from: 3, to: 3 },
    { from: 0, to: 3 },
  ]);
});
