import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describePromptRenderer, FakeClock } from '@hyperoru/testkit';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../system/clock.ts';
import { liquidPromptRenderer } from './renderer.ts';

const renderer = liquidPromptRenderer({ clock: systemClock });
afterAll(() => renderer.close());
const NAMES = ['market_prices', 'kline_data', 'open_positions', 'account_state'];
const VALUES = Object.fromEntries(NAMES.map((name) => [name, `<${name}>`]));
const codes = async (template: string) => (await renderer.validate(template, NAMES)).map((problem) => problem.code);
const refusal = async (template: string, variables: Record<string, string> = VALUES) => {
  const outcome = await renderer.render(template, variables);
  return outcome.kind === 'refused' ? outcome.problems.map((problem) => problem.code) : outcome.text;
};

describePromptRenderer('liquidPromptRenderer', async () => {
  const own = liquidPromptRenderer({ clock: systemClock });
  return { renderer: own, close: () => own.close() };
});

describe('liquidPromptRenderer names problems', () => {
  it('lists all of them in the order of the text', async () => {
    const template = '{{ market_price }}\n{{ kline_data | shout }} {{ open_positions | whisper: 2 }}\n{foo} and {{ account }}';
    expect((await renderer.validate(template, NAMES)).map((one) => [one.code, one.line, one.column])).toEqual([
      ['unknown_variable', 1, 4],
      ['unknown_filter', 2, 1],
      ['unknown_filter', 2, 26],
      ['stray_brace', 3, 1],
      ['unknown_variable', 3, 14],
    ]);
  });

  it('suggests the nearest known name, in both spellings, and none for a far one', async () => {
    const [double] = await renderer.validate('{{ market_price }}', NAMES);
    expect(double?.message).toContain('{{market_prices}}');
    const [single] = await renderer.validate('{Kline_Data}', NAMES);
    expect(single?.message).toContain('{{kline_data}}');
    const [far] = await renderer.validate('{{ weather }}', NAMES);
    expect(far?.message).not.toContain('did you mean');
  });

  it('tells the column in the template as written, also after converted variables', async () => {
    expect(await renderer.validate('{market_prices} {market_prices} {{ oops }}', NAMES)).toMatchObject([
      { code: 'unknown_variable', line: 1, column: 36 },
    ]);
  });

  it('refuses parts of a text variable, but knows its size', async () => {
    expect(await codes('{{ market_prices.BTC }}')).toEqual(['unknown_variable']);
    expect(await codes('{{ market_prices.size }}')).toEqual([]);
  });

  it('knows loops, conditions and variables assigned in the template', async () => {
    expect(
      await codes(
        '{% assign n = 2 %}{% for i in (1..n) %}{{ i }}{% endfor %}{% if open_positions == "[]" %}flat{% else %}{{ open_positions | size }}{% endif %}',
      ),
    ).toEqual([]);
  });

  it.each(['include "x"', 'render "x"', 'layout "x"', 'block x', 'tablerow i in (1..2)', 'increment x', 'decrement x', 'liquid'])(
    'has no tag %s',
    async (tag) => {
      expect(await codes(`{% ${tag} %}`)).toEqual(['syntax']);
    },
  );

  it('has no filter that reads the clock or chance', async () => {
    for (const filter of ['date: "%Y"', 'date_to_string', 'sample'])
      expect(await codes(`{{ "now" | ${filter} }}`)).toEqual(['unknown_filter']);
  });

  it('explains double braces around JSON', async () => {
    expect(await renderer.validate('Answer {{"operation": "buy"}}', NAMES)).toMatchObject([
      { code: 'stray_brace', message: expect.stringContaining('single braces') },
    ]);
  });

  it('leaves raw blocks alone', async () => {
    expect(await refusal('{% raw %}{foo} {{ bar }}{% endraw %}{market_prices}')).toBe('{foo} {{ bar }}<market_prices>');
    expect(await codes('{% raw %}{foo}')).toEqual(['stray_brace']);
  });

  it('puts a variable into JSON next to its braces', async () => {
    expect(await refusal('{"a":{{market_prices}}} {"b":{market_prices}} {"c":{"d":{{kline_data}}}}')).toBe(
      '{"a":<market_prices>} {"b":<market_prices>} {"c":{"d":<kline_data>}}',
    );
  });

  it('accepts every text without braces, and renders it unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 200 }).map((text) => text.replace(/[{}]|%\}/g, '')),
        async (text) => {
          expect(await refusal(text)).toBe(text);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('accepts every JSON example, pretty or compact, and renders it unchanged', async () => {
    const noBraces = fc.string({ maxLength: 10 }).map((text) => text.replace(/[{}%]/g, ''));
    const example = fc.object({ key: noBraces, values: [noBraces, fc.integer(), fc.boolean(), fc.constant(null)], maxDepth: 4 });
    await fc.assert(
      fc.asyncProperty(example, fc.constantFrom(0, 2), async (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(await refusal(text)).toBe(text);
      }),
      { numRuns: 50 },
    );
  });
});

describe('liquidPromptRenderer keeps its limits', () => {
  it('refuses an endless loop with an empty body (CVE-2026-44645)', async () => {
    expect(await refusal('{% for i in (1..1000000000) %}{% endfor %}')).toEqual(['limit']);
    expect(await refusal('{% for i in (1..30000) %}{% for j in (1..30000) %}{% endfor %}{% endfor %}')).toEqual(['limit']);
  });

  it('refuses a date pattern of unbounded width (CVE-2026-45357)', async () => {
    expect(await refusal("{{ '2026-01-01' | date: '%5000000d' }}")).toEqual(['unknown_filter']);
  });

  it.each([
    ['a doubling string', `{% assign s = "xxxxxxxxxx" %}${'{% assign s = s | append: s %}'.repeat(40)}{{ s }}`],
    ['nested loops', '{% for a in (1..999) %}{% for b in (1..999) %}{% for c in (1..999) %}x{% endfor %}{% endfor %}{% endfor %}'],
    ['deep nesting', `${'{% if true %}'.repeat(4500)}`],
  ])('survives %s', async (_name, template) => {
    expect(await refusal(template)).not.toBeTypeOf('string');
    expect(await refusal('{{market_prices}}')).toBe('<market_prices>');
  });

  it('takes a template of exactly 64 KiB and refuses one byte more', async () => {
    expect(await refusal('x'.repeat(65_536))).toHaveLength(65_536);
    expect(await refusal('x'.repeat(65_537))).toEqual(['limit']);
    expect(await codes('é'.repeat(32_769))).toEqual(['limit']);
  });

  it('gives out exactly 256 KiB and refuses one byte more', async () => {
    const half = 'x'.repeat(131_072);
    expect(await refusal('{{a}}{{a}}', { a: half })).toHaveLength(262_144);
    expect(await refusal('{{a}}{{a}}x', { a: half })).toEqual(['limit']);
  });

  it('reaches no prototype, no environment and no process', async () => {
    expect(await refusal('{{ market_prices.constructor }}')).toEqual(['unknown_variable']);
    expect(await refusal('{{ market_prices.__proto__ }}')).toEqual(['unknown_variable']);
    expect(await refusal('{{ process }}')).toEqual(['unknown_variable']);
    expect(await refusal('{{ constructor }}')).toEqual(['unknown_variable']);
  });

  it('stays quick on a text of nothing but open braces', async () => {
    for (const piece of ['{{', '{%', '{', '}', "{{'}}", '{% raw %}', '{a}'])
      expect((await codes(piece.repeat(30_000).slice(0, 65_000))).length).toBeLessThanOrEqual(120);
  });

  it('ends a thread that does not answer within 300 ms, not a millisecond earlier, and refills the seat', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hyperoru-worker-'));
    const workerPath = join(folder, 'stubborn-worker.mjs');
    writeFileSync(
      workerPath,
      `import { parentPort } from 'node:worker_threads';
       parentPort.on('message', ({ text }) => { while (text === 'hang'); parentPort.postMessage({ text }); });
       parentPort.postMessage('ready');`,
    );
    const clock = new FakeClock();
    const patient = liquidPromptRenderer({ clock, workerPath });
    expect(await patient.render('first', {})).toEqual({ kind: 'rendered', text: 'first' });
    let isDone = false;
    const stuck = patient.render('hang', {}).finally(() => {
      isDone = true;
    });
    while (clock.waiting === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(299);
    expect(isDone).toBe(false);
    await clock.advance(1);
    expect(await stuck).toMatchObject({ kind: 'refused', problems: [{ code: 'limit' }] });
    expect(await patient.render('next', {})).toEqual({ kind: 'rendered', text: 'next' });
    await patient.close();
    rmSync(folder, { recursive: true });
  });

  it('says which file is missing when the worker cannot start, and tries again next time', async () => {
    const broken = liquidPromptRenderer({ clock: systemClock, workerPath: '/nowhere/worker.mjs' });
    for (let time = 0; time < 2; time++) await expect(broken.render('x', {})).rejects.toThrow('/nowhere/worker.mjs did not start');
    await broken.close();
  });

  it('answers many questions at once in their order', async () => {
    const texts = await Promise.all(Array.from({ length: 200 }, (_, index) => refusal('{{n}}', { n: String(index) })));
    expect(texts).toEqual(Array.from({ length: 200 }, (_, index) => String(index)));
  });
});
