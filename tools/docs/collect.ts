import { DENIALS } from '@hyperoru/domain';
import { CONFIG_FIELDS } from '../../apps/server/src/config.ts';
import { buildOpenApiDocument } from '../../apps/server/src/http/openapi.ts';
import { renderConfigurationReference, renderEnvExample } from './configuration.ts';
import { renderDenialReference } from './denials.ts';
import type { GeneratedFile } from './generated-files.ts';

/** Every generated document as it should be now. */
export async function collectGenerated(): Promise<readonly GeneratedFile[]> {
  const openApi = await buildOpenApiDocument();
  return [
    { path: 'docs/reference/configuration.md', text: renderConfigurationReference(CONFIG_FIELDS) },
    { path: 'docs/reference/denials.md', text: renderDenialReference(DENIALS) },
    { path: 'docs/reference/openapi.json', text: `${JSON.stringify(openApi, null, 2)}\n` },
    { path: '.env.example', text: renderEnvExample(CONFIG_FIELDS) },
  ];
}
