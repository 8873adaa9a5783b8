import helmet from '@fastify/helmet';
import Fastify, { type FastifyInstance } from 'fastify';
import type { HttpContext } from '../context.ts';

/** Everything from this server only; charts and component styles need inline styles, scripts never. */
const CONTENT_SECURITY = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  workerSrc: ["'self'", 'blob:'],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};

const NO_STORE = 'no-store';

export async function addSecurityHeaders(app: FastifyInstance, context: HttpContext): Promise<void> {
  const headers = await securityHeaders(context);
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers);
    // Records of a person belong in no cache; static files set their own header later.
    if (request.url.startsWith('/api')) reply.header('cache-control', NO_STORE);
    done();
  });
}

/** They are the same for every answer, so helmet is asked once. */
async function securityHeaders(context: HttpContext): Promise<Readonly<Record<string, string>>> {
  const app = Fastify();
  try {
    await app.register(helmet, {
      contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY },
      strictTransportSecurity: context.network.isSecure,
      crossOriginEmbedderPolicy: false,
      referrerPolicy: { policy: 'no-referrer' },
      xFrameOptions: { action: 'deny' },
    });
    app.get('/', (_request, reply) => {
      const own = Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]);
      void reply.send(Object.fromEntries(own));
    });
    return (await app.inject('/')).json();
  } finally {
    await app.close();
  }
}
