import {
  PageQuery,
  Prompt,
  PromptCreateBody,
  PromptPreviewAnswer,
  PromptPreviewBody,
  PromptUpdateBody,
  PromptVariables,
  PromptVersion,
  pageOf,
} from '@hyperoru/contracts';
import { asId, type PromptId, symbol, type TraderId } from '@hyperoru/domain';
import {
  copyPrompt,
  createPrompt,
  deletePrompt,
  getPrompt,
  listPrompts,
  listPromptVersions,
  PROMPT_VARIABLES,
  previewPrompt,
  updatePrompt,
} from '@hyperoru/engine';
import { z } from 'zod';
import { unwrap } from '../../errors.ts';
import { callerOf, checkUserId } from '../../plugins/authentication.ts';
import { type AddRoutes, FAILURES, IdParams, listAnswer, NO_CONTENT, pageRequest } from '../route.ts';
import { presentPreview, presentPrompt, presentVersion } from './presenter.ts';

const TAGS = ['strategies'];
const PromptVersionList = z.object({ items: z.array(PromptVersion) });

export const addPromptRoutes: AddRoutes = (api, context) => {
  addCollection(api, context);
  addMember(api, context);
  addCopiesAndVersions(api, context);
  addWriting(api, context);
};

const addCollection: AddRoutes = (api, context) => {
  api.post(
    '/api/prompts',
    {
      config: { policy: 'user' },
      schema: { tags: TAGS, summary: 'Create a prompt', body: PromptCreateBody, response: { 201: Prompt, ...FAILURES } },
    },
    async (request, reply) => {
      const { body } = request;
      checkUserId(request, body.user_id);
      const input = { name: body.name, content: body.content, userId: body.user_id };
      return reply.code(201).send(presentPrompt(unwrap(await createPrompt(context.deps, callerOf(request).scope, input))));
    },
  );

  api.get(
    '/api/prompts',
    {
      config: { policy: 'user', shared: true },
      schema: {
        tags: TAGS,
        summary: 'Prompts with their current text',
        querystring: PageQuery,
        response: { 200: pageOf(Prompt), ...FAILURES },
      },
    },
    async (request) => listAnswer(await listPrompts(context.deps, callerOf(request).scope, pageRequest(request.query)), presentPrompt),
  );
};

const addMember: AddRoutes = (api, context) => {
  api.get(
    '/api/prompts/:id',
    { config: { policy: 'user' }, schema: { tags: TAGS, summary: 'One prompt', params: IdParams, response: { 200: Prompt, ...FAILURES } } },
    async (request) =>
      presentPrompt(unwrap(await getPrompt(context.deps, callerOf(request).scope, { promptId: asId<PromptId>(request.params.id) }))),
  );

  api.put(
    '/api/prompts/:id',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Rename, or give it a new version of its text',
        params: IdParams,
        body: PromptUpdateBody,
        response: { 200: Prompt, ...FAILURES },
      },
    },
    async (request) => {
      const input = { promptId: asId<PromptId>(request.params.id), name: request.body.name, content: request.body.content };
      return presentPrompt(unwrap(await updatePrompt(context.deps, callerOf(request).scope, input)));
    },
  );

  api.delete(
    '/api/prompts/:id',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Remove from use; decisions keep the text they pinned',
        params: IdParams,
        response: { 204: NO_CONTENT, ...FAILURES },
      },
    },
    async (request, reply) => {
      unwrap(await deletePrompt(context.deps, callerOf(request).scope, { promptId: asId<PromptId>(request.params.id) }));
      return reply.code(204).send(null);
    },
  );
};

const addCopiesAndVersions: AddRoutes = (api, context) => {
  api.post(
    '/api/prompts/:id/copy',
    {
      config: { policy: 'user' },
      schema: { tags: TAGS, summary: 'Copy the current text into a new prompt', params: IdParams, response: { 201: Prompt, ...FAILURES } },
    },
    async (request, reply) => {
      const copied = unwrap(await copyPrompt(context.deps, callerOf(request).scope, { promptId: asId<PromptId>(request.params.id) }));
      return reply.code(201).send(presentPrompt(copied));
    },
  );

  api.get(
    '/api/prompts/:id/versions',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Every text it ever had, newest first',
        params: IdParams,
        response: { 200: PromptVersionList, ...FAILURES },
      },
    },
    async (request) => {
      const versions = unwrap(
        await listPromptVersions(context.deps, callerOf(request).scope, { promptId: asId<PromptId>(request.params.id) }),
      );
      return { items: versions.map(presentVersion) };
    },
  );
};

const addWriting: AddRoutes = (api, context) => {
  api.get(
    '/api/prompts/variables',
    {
      config: { policy: 'user' },
      schema: { tags: TAGS, summary: 'Variables a prompt may use', response: { 200: PromptVariables, ...FAILURES } },
    },
    async () => ({ items: PROMPT_VARIABLES.map(({ name, meaning, example }) => ({ name, meaning, example })) }),
  );

  api.post(
    '/api/prompts/preview',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Render with live values; problems of the template are part of the answer',
        body: PromptPreviewBody,
        response: { 200: PromptPreviewAnswer, ...FAILURES },
      },
    },
    async (request) => {
      const { body } = request;
      const input = {
        content: body.content,
        traderId: body.trader_id === undefined ? undefined : asId<TraderId>(body.trader_id),
        symbols: body.symbols?.map(symbol),
      };
      return presentPreview(unwrap(await previewPrompt(context.deps, callerOf(request).scope, input)));
    },
  );
};
