import { ApiToken, ApiTokenBody, ApiTokenCreated } from '@hyperoru/contracts';
import { createApiToken, listApiTokens, revokeApiToken } from '@hyperoru/engine';
import { z } from 'zod';
import { unwrap } from '../../errors.ts';
import { callerOf } from '../../plugins/authentication.ts';
import { type AddRoutes, FAILURES, IdParams, NO_CONTENT } from '../route.ts';
import { presentApiToken } from '../users/presenter.ts';

const TAGS = ['users'];
const ApiTokenList = z.object({ items: z.array(ApiToken) });

export const addTokenRoutes: AddRoutes = (api, context) => {
  api.get(
    '/api/tokens',
    { config: { policy: 'user' }, schema: { tags: TAGS, summary: 'Named API tokens', response: { 200: ApiTokenList, ...FAILURES } } },
    async (request) => {
      const sessions = await listApiTokens(context.deps, callerOf(request).scope);
      return { items: sessions.map(presentApiToken) };
    },
  );

  api.post(
    '/api/tokens',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Create an API token; it is shown only in this answer',
        body: ApiTokenBody,
        response: { 201: ApiTokenCreated, ...FAILURES },
      },
    },
    async (request, reply) => {
      const input = { name: request.body.name, expiresInDays: request.body.expires_in_days };
      const created = unwrap(await createApiToken(context.deps, callerOf(request).scope, input));
      return reply.code(201).send({ ...presentApiToken(created.session), token: created.token });
    },
  );

  api.delete(
    '/api/tokens/:id',
    {
      config: { policy: 'user' },
      schema: { tags: TAGS, summary: 'Revoke an API token', params: IdParams, response: { 204: NO_CONTENT, ...FAILURES } },
    },
    async (request, reply) => {
      unwrap(await revokeApiToken(context.deps, callerOf(request).scope, { id: request.params.id }));
      context.access.sessionsChanged();
      return reply.code(204).send(null);
    },
  );
};
