import { describe, expect, it } from 'vitest';
import { answerEngineRequest } from './liquid-engine.ts';

// What runs inside the worker thread, asked directly; the thread around it is covered by the renderer's tests.
const render = (text: string, variables: Readonly<Record<string, string>> = {}) => answerEngineRequest({ kind: 'render', text, variables });
const check = (text: string, variableNames: readonly string[] = []) => answerEngineRequest({ kind: 'check', text, variableNames });

describe('answerEngineRequest', () => {
  it('renders text with variables, loops and conditions', () => {
    expect(render('{% for i in (1..3) %}{{ i }}{{ a }}{% unless i == 3 %},{% endunless %}{% endfor %}', { a: 'x' })).toEqual({
      text: '1x,2x,3x',
    });
  });

  it('never escapes or changes a value', () => {
    const value = `<&>"'{{ a }}{% raw %}\n\u2028`;
    expect(render('{{ a }}', { a: value })).toEqual({ text: value });
  });

  it.each([
    ['{{ b }}', 'unknown_variable', 'b'],
    ['{{ a | nope }}', 'unknown_filter', 'nope'],
    ['{% nope %}', 'syntax', null],
    ['{% if %}', 'syntax', null],
    ['{{ a: b }}', 'syntax', null],
    ['{% for i in (1..99999999) %}{% endfor %}', 'limit', null],
    ['{% assign s = "0123456789" %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}', 'limit', null],
    ['{% render "x" %}', 'syntax', null],
  ])('refuses to render %s as %s', (text, code, name) => {
    expect(render(text, { a: '1' })).toMatchObject({ problems: [{ code, name, message: expect.stringMatching(/\.$/) }] });
  });

  it('finds every unknown filter and then every unknown variable', () => {
    expect(check('{{ a | f1 | f2 }}{{ b }}{% if c %}{{ d.e }}{% endif %}', ['a', 'd'])).toMatchObject({
      problems: [
        { code: 'unknown_filter', name: 'f1' },
        { code: 'unknown_filter', name: 'f2' },
        { code: 'unknown_variable', name: 'b' },
        { code: 'unknown_variable', name: 'c' },
        { code: 'unknown_variable', name: null, message: expect.stringContaining('has no part "e"') },
      ],
    });
  });

  it('stops after twenty unknown filters', () => {
    const text = Array.from({ length: 40 }, (_, index) => `{{ a | f${index} }}`).join('');
    const answer = check(text, ['a']);
    expect('problems' in answer && answer.problems.length).toBe(21);
  });

  it('keeps nothing from one request to the next', () => {
    expect(check('{{ a | shout }}', ['a'])).toMatchObject({ problems: [{ code: 'unknown_filter' }] });
    expect(render('{{ a | shout }}', { a: '1' })).toMatchObject({ problems: [{ code: 'unknown_filter' }] });
    expect(render('{% assign kept = "1" %}')).toEqual({ text: '' });
    expect(render('{{ kept }}')).toMatchObject({ problems: [{ code: 'unknown_variable' }] });
  });

  it('hides what every object has', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty'])
      expect(render(`{{ ${name} }}`)).toMatchObject({ problems: [{ code: 'unknown_variable' }] });
    for (const name of ['constructor', '__proto__'])
      expect(check(`{{ ${name} }}`)).toMatchObject({ problems: [{ code: 'unknown_variable' }] });
  });
});
