import { CONFIG_FIELDS } from '../../apps/server/src/config.ts';
import { renderConfigurationReference, renderEnvExample } from './configuration.ts';
import type { GeneratedFile } from './generated-files.ts';

/** Every generated document as it should be now. */
export async function collectGenerated(): Promise<readonly GeneratedFile[]> {
  return [
    { path: 'docs/reference/configuration.md', text: renderConfigurationReference(CONFIG_FIELDS) },
    { path: '.env.example', text: renderEnvExample(CONFIG_FIELDS) },
  ];
}
