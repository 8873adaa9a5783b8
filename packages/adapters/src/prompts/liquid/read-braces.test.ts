import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBraces } from './read-braces.ts';

const NAMES = ['price', 'news'];
const read = (template: string) => readBraces(template, NAMES);

describe('readBraces', () => {
  it.each([
    ['{price}', '{{price}}'],
    ['{ price }', '{{ price }}'],
    ['{{price}}', '{{price}}'],
    ['{"a": {price}, "b": {"c": {news}}}', '{"a": {{price}}, "b": {"c": {{news}}}}'],
    ['{% if price %}{news}{% endif %}', '{% if price %}{{news}}{% endif %}'],
    ['{{ "}}" }} {price}', '{{ "}}" }} {{price}}'],
    ["{{ price | append: '{news}' }}", "{{ price | append: '{news}' }}"],
    ['{% raw %}{price} }} {% endraw %}{price}', '{% raw %}{price} }} {% endraw %}{{price}}'],
    ['{%- comment -%} {other} {%- endcomment -%}', '{%- comment -%} {other} {%- endcomment -%}'],
    ['a } b { c', 'a } b { c'],
    ["it's {{ price }} isn't it", "it's {{ price }} isn't it"],
    ["{{ price | append: ' }} {news}", "{{ price | append: ' }} {{news}}"],
    ['', ''],
  ])('reads %j as %j', (template, text) => {
    expect(read(template)).toMatchObject({ text, problems: [] });
  });

  it.each([
    ['{other}', 1, 1],
    ['x\n  {prise}', 2, 3],
    ['{{ price', 1, 1],
    ['{% if', 1, 1],
    ['a %} b', 1, 3],
    ['a }} b', 1, 3],
    ['{"a": 1}}', 1, 8],
    ['{{"a": 1}}', 1, 1],
    ['{% raw %} {price}', 1, 1],
  ])('finds the stray brace of %j at line %i, column %i', (template, line, column) => {
    expect(read(template).problems).toMatchObject([{ code: 'stray_brace', line, column }]);
  });

  it('leads every place of its text back to the template', () => {
    const piece = fc.constantFrom('{price}', '{ news }', '{{price}}', 'abc', '\n', '{"a":1}', ' ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const template = pieces.join('');
        const { text, originalOffset } = read(template);
        for (let offset = 0; offset < text.length; offset++) {
          const original = originalOffset(offset);
          expect(original).toBeGreaterThanOrEqual(0);
          expect(original).toBeLessThanOrEqual(template.length);
          if (!/[{}]/.test(text[offset] ?? '')) expect(template[original]).toBe(text[offset]);
        }
        expect(originalOffset(text.length)).toBe(template.length);
      }),
    );
  });

  it('never loses or adds anything but the braces of known names', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('{', '}', '%', 'price', '"', "'", ' ', '{price}', '{{', '}}', '{%', '%}'), { maxLength: 30 }),
        (pieces) => {
          const template = pieces.join('');
          const { text } = read(template);
          expect(text.replace(/[{}]/g, '')).toBe(template.replace(/[{}]/g, ''));
          expect(text.length).toBeGreaterThanOrEqual(template.length);
        },
      ),
    );
  });
});
