import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

const DESCRIPTION = `API of one Hyperoru instance. Send \`Authorization: Bearer <token>\` with a session token from login or an API token.
Money, prices and quantities of orders, fills, positions and balances are decimal strings; times are ISO 8601 in UTC; lists are newest first and continue with \`next_cursor\`.`;

/** Settings of the OpenAPI 3.1 document, which is made from the same schemas that check requests. */
export const openApiOptions = (version: string): FastifyDynamicSwaggerOptions => ({
  openapi: {
    openapi: '3.1.0',
    info: { title: 'Hyperoru API', version, description: DESCRIPTION, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/', description: 'this instance' }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    security: [{ bearer: [] }],
  },
  transform: jsonSchemaTransform,
});
