import { Health, Ready } from '@hyperoru/contracts';
import { z } from 'zod';
import type { AddRoutes } from '../route.ts';

const TAGS = ['health'];

export const addHealthRoutes: AddRoutes = (api, context) => {
  api.get(
    '/api/health',
    {
      config: { policy: 'public', whileStarting: true },
      schema: { tags: TAGS, summary: 'The process answers', security: [], response: { 200: Health } },
    },
    async () => ({
      status: 'healthy' as const,
    }),
  );

  api.get(
    '/api/ready',
    {
      config: { policy: 'public', whileStarting: true },
      schema: { tags: TAGS, summary: '503 until recovery has finished', security: [], response: { 200: Ready, 503: Ready } },
    },
    async (_request, reply) => {
      const checks = (await context.readiness()).map(({ name, ok }) => ({ name, ok }));
      const isReady = checks.every((check) => check.ok);
      return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'starting', checks });
    },
  );

  api.get(
    '/api/openapi.json',
    {
      config: { policy: 'public', whileStarting: true },
      schema: { tags: TAGS, summary: 'This document', security: [], response: { 200: z.unknown() } },
    },
    async () => api.swagger(),
  );
};
