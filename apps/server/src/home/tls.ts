import { readFileSync } from 'node:fs';
import type { Config } from '../config.ts';
import { reasonOf, StartProblem } from '../start-problem.ts';

/** Certificate and key in PEM, or null when TLS is not configured. */
export function readTls(config: Config): { readonly cert: string; readonly key: string } | null {
  if (config.tlsCertFile === null || config.tlsKeyFile === null) return null;
  return { cert: read('HYPERORU_TLS_CERT_FILE', config.tlsCertFile), key: read('HYPERORU_TLS_KEY_FILE', config.tlsKeyFile) };
}

function read(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new StartProblem(`${setting}: ${path} cannot be read: ${reasonOf(error)}. Correct the path or the file's permissions.`, {
      cause: error,
    });
  }
}
