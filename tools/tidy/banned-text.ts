import { isCode, isTest, type SourceFile } from './source-files.ts';

interface BannedText {
  readonly pattern: RegExp;
  readonly instead: string;
  readonly appliesTo: (path: string) => boolean;
}

/** The only places that may read time, randomness or the environment of the machine. */
const SYSTEM = 'packages/adapters/src/system/';
const CONFIGURATION = 'apps/server/src/config.ts';
const WEB_CLOCK = 'apps/web/src/time/';
const WEB_RANDOM = 'apps/web/src/api/random-key.ts';

const isProduct = (path: string): boolean => isCode(path) && !isTest(path) && /^(packages|apps)\/[^/]+\/src\//.test(path);

// Spelled in pieces, so that this file does not contain what it forbids.
const UNFINISHED = new RegExp(`\\b(${['FIX' + 'ME', 'TO' + 'DO', 'XX' + 'X'].join('|')})\\b`);
const FOCUSED = /\b(?:test|it|describe|suite|bench)(?:\.\w+)*\.(?:only|skip|todo)\b/;

const BANNED: readonly BannedText[] = [
  {
    pattern: /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/,
    instead: 'use the Clock port',
    appliesTo: (path) => isProduct(path) && !path.startsWith(SYSTEM) && !path.startsWith(WEB_CLOCK),
  },
  {
    pattern: /\bMath\.random\(|\brandomUUID\(|\brandomBytes\(|\bgetRandomValues\(/,
    instead: 'use the Ids port',
    appliesTo: (path) =>
      isProduct(path) && !path.startsWith(SYSTEM) && !path.startsWith('packages/adapters/src/secrets/') && path !== WEB_RANDOM,
  },
  {
    pattern: /\bprocess\.env\b/,
    instead: `read configuration in ${CONFIGURATION}`,
    appliesTo: (path) => isProduct(path) && path !== CONFIGURATION,
  },
  { pattern: UNFINISHED, instead: 'finish it or open an issue', appliesTo: () => true },
  {
    pattern: /:\s*any(?:\s*[,;)=\]>|&{}[]|\s*$)|\bas any\b|<an[y]>/,
    instead: 'name the type, or take unknown and check it',
    // A test may look into an answer of unknown shape; the linter asks it for a reason.
    appliesTo: (path) => /\.(ts|tsx|mts)$/.test(path) && !isTest(path),
  },
  { pattern: /@ts-(ignore|nocheck)\b/, instead: 'make the types say what is true', appliesTo: isCode },
  { pattern: FOCUSED, instead: 'run every test, or delete it', appliesTo: (path) => isCode(path) && isTest(path) },
  {
    pattern: /\bconsole\.\w+\(/,
    instead: 'use the Log port',
    appliesTo: (path) => isProduct(path),
  },
];

/** Every line that contains a banned text, with what to use in its place. Comment lines count: a rule has no blind spots. */
export function findBannedText(files: readonly SourceFile[]): readonly string[] {
  const problems: string[] = [];
  for (const file of files) {
    const rules = BANNED.filter((rule) => rule.appliesTo(file.path));
    if (rules.length === 0) continue;
    file.text.split('\n').forEach((line, index) => {
      for (const rule of rules) {
        const found = rule.pattern.exec(line);
        if (found !== null) problems.push(`${file.path}:${index + 1}: "${found[0].trim()}" – ${rule.instead}.`);
      }
    });
  }
  return problems;
}
