import type { EngineDeps } from '@hyperoru/engine';
import { buildApp } from './app.ts';
import { type AccessSettings, DEFAULT_LIMITS, type HttpContext } from './context.ts';
import { PRODUCT_VERSION } from './version.ts';

/** The OpenAPI 3.1 document, made from the routes alone: no database, no network, no clock. */
export async function buildOpenApiDocument(): Promise<Readonly<Record<string, unknown>>> {
  const { server } = await buildApp(DOCUMENT_CONTEXT);
  try {
    return { ...server.swagger() };
  } finally {
    await server.close();
  }
}

const noEngine = (): Error => new Error('Expected no call of the engine while the document is made.');

/** Everything that only a request would touch is missing, loudly. */
const DOCUMENT_CONTEXT: HttpContext = {
  get deps(): EngineDeps {
    throw noEngine();
  },
  get access(): AccessSettings {
    return {
      setupTokenHash: '',
      sessionDays: 1,
      onSessionsChanged: () => undefined,
      sessionsChanged: () => undefined,
      get throttle(): never {
        throw noEngine();
      },
      get sessions(): never {
        throw noEngine();
      },
    };
  },
  version: PRODUCT_VERSION,
  isWorking: () => false,
  readiness: async () => [],
  network: { allowedHosts: new Set(), isSecure: false, trustedProxies: [], tls: null },
  webRoot: null,
  limits: DEFAULT_LIMITS,
};
