const NOTICE = 'Generated from packages/domain/src/risk/denial.ts by `npm run docs`; edit it there.';

/** The reference of denial codes as Markdown, in the order of the alphabet. */
export function renderDenialReference(denials: Readonly<Record<string, string>>): string {
  const rows = Object.entries(denials)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, fix]) => `| \`${code}\` | ${fix.replaceAll('|', '\\|')} |`);
  return [
    '# Denial codes',
    '',
    `<!-- ${NOTICE} -->`,
    '',
    'Why our own checks did not let an order through. The code stands in the verdict of the decision and in the outcome of its run, beside a',
    'sentence that names the value and the limit. Nothing has been sent. How the gate works: [risk gate](../risk-gate.md).',
    '',
    '| Code | What to do |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n');
}
