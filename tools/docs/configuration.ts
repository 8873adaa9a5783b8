import type { ConfigField } from '../../apps/server/src/config.ts';

const NOTICE = 'Generated from apps/server/src/config.ts by `npm run docs`; edit it there.';

/** The configuration reference as Markdown. */
export function renderConfigurationReference(fields: readonly ConfigField[]): string {
  const rows = fields.map((field) => {
    const fallback = field.default === null || field.default === '' ? '–' : `\`${field.default}\``;
    return `| \`${field.name}\` | ${fallback} | ${escapeCell(field.description)}${field.isSecret ? ' **Secret.**' : ''} |`;
  });
  return [
    '# Configuration',
    '',
    `<!-- ${NOTICE} -->`,
    '',
    'Everything has a default; nothing has to be set. Settings are environment variables of the process. A wrong value stops the start',
    'with one message that names every problem at once.',
    '',
    '| Variable | Default | Meaning |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** A template for a `.env` file: every setting, commented out, with its default. */
export function renderEnvExample(fields: readonly ConfigField[]): string {
  const blocks = fields.map((field) => `# ${field.description}\n#${field.name}=${field.isSecret ? '' : (field.default ?? '')}\n`);
  return `# ${NOTICE}\n# Load it with: node --env-file=.env tools/hyperoru.mjs start\n\n${blocks.join('\n')}`;
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
