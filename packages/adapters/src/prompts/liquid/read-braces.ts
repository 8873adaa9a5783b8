import type { TemplateProblem } from '@hyperoru/engine';
import { nearestName } from './nearest-name.ts';
import { positionAt } from './position.ts';

/** A template in which every `{name}` of a known variable has become `{{name}}`. */
export interface BraceReading {
  readonly text: string;
  readonly problems: readonly TemplateProblem[];
  /** Offset in `text` → offset in the template as written. */
  readonly originalOffset: (offset: number) => number;
}

/** Reading stops there, which also bounds the work on a text of nothing but open braces. */
const PROBLEMS_MAX = 50;
/** Quotes inside an output are followed this far. */
const QUOTED_CHARS_MAX = 4096;
const SINGLE = /^\{[ \t]*([A-Za-z_][A-Za-z0-9_]*)[ \t]*\}/;
const RAW_BLOCK = /^\{%-?\s*(raw|comment)\s*-?%\}/;
/** The longest name worth reading; keeps the look-ahead for `{name}` short. */
const NAME_CHARS_MAX = 100;

/**
 * Reads all braces of a template. Three things look alike and are told apart here: Liquid (`{{ x }}`, `{% if %}`), the old single-brace
 * variables (`{x}`), and JSON shown as an example, which passes untouched: its braces are counted, so that the `}}` that closes two
 * objects is not taken for the end of a Liquid output.
 */
export function readBraces(template: string, variableNames: readonly string[]): BraceReading {
  const known = new Set(variableNames);
  const problems: TemplateProblem[] = [];
  const insertions: number[] = [];
  let text = '';
  let jsonDepth = 0;
  let at = 0;
  const report = (offset: number, message: string) => {
    problems.push({ code: 'stray_brace', message, ...positionAt(template, offset) });
  };
  const copy = (end: number) => {
    text += template.slice(at, end);
    at = end;
  };
  while (at < template.length && problems.length < PROBLEMS_MAX) {
    const next = template.slice(at).search(/[{}]|%\}/);
    if (next === -1) break;
    copy(at + next);
    const two = template.slice(at, at + 2);
    if (two === '{%' || two === '{{') {
      const end = liquidEnd(template, at);
      if (end === null) report(at, unclosed(template, at));
      else if (two === '{{' && /^\{\{-?\s*(?:"[^"]*"|'[^']*')\s*:/.test(template.slice(at, end)))
        report(at, 'Double braces stand around JSON: write single braces, they are left as they are.');
      // What follows an opening without its end could be anything.
      if (end === null) break;
      copy(end);
      continue;
    }
    if (two === '%}') {
      report(at, 'This %} has no opening {%: open it, or remove it.');
      copy(at + 2);
      continue;
    }
    const name = SINGLE.exec(template.slice(at, at + NAME_CHARS_MAX));
    if (name !== null) {
      const [whole, variable = ''] = name;
      if (known.has(variable)) {
        insertions.push(text.length, text.length + whole.length + 1);
        text += `{${whole}}`;
        at += whole.length;
      } else {
        report(at, unknownSingle(variable, variableNames));
        copy(at + whole.length);
      }
      continue;
    }
    if (two === '}}' && jsonDepth < 2) {
      report(at, 'This }} has no opening {{: open it, or remove it.');
      copy(at + 2);
      continue;
    }
    jsonDepth = template[at] === '{' ? jsonDepth + 1 : Math.max(0, jsonDepth - 1);
    copy(at + 1);
  }
  copy(template.length);
  return { text, problems, originalOffset: (offset) => offset - insertions.filter((inserted) => inserted < offset).length };
}

/** End of the Liquid output or tag that opens at `start` (for raw and comment blocks, of the block); null when it is not closed. */
function liquidEnd(template: string, start: number): number | null {
  const block = RAW_BLOCK.exec(template.slice(start, start + NAME_CHARS_MAX));
  if (block !== null) {
    const close = new RegExp(`\\{%-?\\s*end${block[1]}\\s*-?%\\}`).exec(template.slice(start));
    return close === null ? null : start + close.index + close[0].length;
  }
  const closing = template[start + 1] === '%' ? '%}' : '}}';
  let quote: string | null = null;
  const limit = Math.min(template.length, start + QUOTED_CHARS_MAX);
  for (let at = start + 2; at < limit; at++) {
    const char = template[at] ?? '';
    if (quote !== null) quote = char === quote ? null : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (template.startsWith(closing, at)) return at + 2;
  }
  // A lone apostrophe must not swallow the rest of the template.
  const plain = template.indexOf(closing, start + 2);
  return plain === -1 ? null : plain + 2;
}

function unclosed(template: string, start: number): string {
  const block = RAW_BLOCK.exec(template.slice(start, start + NAME_CHARS_MAX));
  if (block !== null) return `This {% ${block[1]} %} has no {% end${block[1]} %}: close it, or remove it.`;
  if (template[start + 1] === '%') return 'This {% has no closing %}: close it, or remove it.';
  return 'This {{ has no closing }}: close it, or write a single {.';
}

function unknownSingle(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return nearest === null
    ? `There is no variable {${name}}: use one of the known variables, or put the braces apart from the name.`
    : `There is no variable {${name}}: did you mean {{${nearest}}}?`;
}
