import { describe, expect, test } from 'vitest';
import { renderConfigurationReference, renderEnvExample } from './configuration.ts';

const FIELDS = [
  { name: 'PORT', description: 'Port; http|https.', default: '8080', isSecret: false },
  { name: 'DATABASE_URL', description: 'Database.', default: null, isSecret: true },
];

describe('the generated configuration documents', () => {
  test('name every setting with its default and meaning', () => {
    const text = renderConfigurationReference(FIELDS);
    expect(text).toContain('| `PORT` | `8080` | Port; http\\|https. |');
    expect(text).toContain('| `DATABASE_URL` | – | Database. **Secret.** |');
  });

  test('set nothing when the example is used as it is', () => {
    const active = renderEnvExample(FIELDS)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(active).toEqual([]);
  });
});
