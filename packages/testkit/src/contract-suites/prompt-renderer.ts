import type { PromptRenderer } from '@hyperoru/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** What every PromptRenderer must do. `open` gives a renderer and what ends it. */
export function describePromptRenderer(
  name: string,
  open: () => Promise<{ readonly renderer: PromptRenderer; close(): Promise<void> }>,
): void {
  describe(`${name} as PromptRenderer`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());
    const variables = { market_prices: '[{"symbol":"BTC","mark":"64000"}]', open_positions: '[]' };
    const names = Object.keys(variables);

    it('puts values in for both spellings of a variable', async () => {
      expect(await opened.renderer.render('A {{market_prices}} B {{ open_positions }} C {market_prices} D', variables)).toEqual({
        kind: 'rendered',
        text: `A ${variables.market_prices} B [] C ${variables.market_prices} D`,
      });
    });

    it('never reads a value as a template', async () => {
      const hostile = { market_prices: '{{open_positions}} {% for i in (1..9) %}x{% endfor %} {open_positions}', open_positions: 'SECRET' };
      expect(await opened.renderer.render('{{market_prices}}', hostile)).toEqual({ kind: 'rendered', text: hostile.market_prices });
    });

    it('leaves JSON shown as an example untouched', async () => {
      const example = 'Answer {"operation": "buy", "levels": {"stop": {"pct": 2}}}, {} or {"decisions":[{"operation":"hold"}]}.';
      expect(await opened.renderer.validate(example, names)).toEqual([]);
      expect(await opened.renderer.render(example, variables)).toEqual({ kind: 'rendered', text: example });
    });

    it.each([
      ['an unknown variable', 'a\n {{ market_price }}', 'unknown_variable', 2],
      ['an unknown single-brace name', 'a\n\n{market_price}', 'stray_brace', 3],
      ['an unclosed output', 'x {{ market_prices', 'stray_brace', 1],
      ['a closing without opening', 'x }} y', 'stray_brace', 1],
      ['an unclosed tag', 'x\n{% if', 'stray_brace', 2],
      ['an unknown filter', '{{ market_prices | shout }}', 'unknown_filter', 1],
      ['a tag without its end', '{% if market_prices %} x', 'syntax', 1],
    ])('names %s with its line, and refuses to render it', async (_name, template, code, line) => {
      const problems = await opened.renderer.validate(template, names);
      expect(problems).toMatchObject([{ code, line, column: expect.any(Number), message: expect.stringMatching(/\S.*[.?]$/) }]);
      expect(await opened.renderer.render(template, variables)).toMatchObject({ kind: 'refused', problems: [{ code, line }] });
    });

    it('refuses a rendering without end, and renders the next prompt normally', async () => {
      expect(await opened.renderer.render('{% for i in (1..1000000000) %}{{ i }}{% endfor %}', variables)).toMatchObject({
        kind: 'refused',
        problems: [{ code: 'limit' }],
      });
      expect(await opened.renderer.render('{{open_positions}}', variables)).toEqual({ kind: 'rendered', text: '[]' });
    });
  });
}
