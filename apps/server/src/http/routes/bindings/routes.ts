import {
  Binding,
  BindingCreateBody,
  BindingList,
  BindingPatchBody,
  PromptPreviewAnswer,
  TriggerAnswer,
  TriggerBody,
} from '@hyperoru/contracts';
import { asId, type BindingId, type PromptId, symbol, type TraderId } from '@hyperoru/domain';
import { createBinding, deleteBinding, fireManualTrigger, listBindings, patchBinding, previewBinding } from '@hyperoru/engine';
import { unwrap } from '../../errors.ts';
import { callerOf } from '../../plugins/authentication.ts';
import { presentPreview } from '../prompts/presenter.ts';
import { type AddRoutes, FAILURES, IdParams, NO_CONTENT } from '../route.ts';
import { presentBinding, triggerOf } from './presenter.ts';

const TAGS = ['strategies'];

export const addBindingRoutes: AddRoutes = (api, context) => {
  addOfTrader(api, context);
  addMember(api, context);
  addActions(api, context);
};

const addOfTrader: AddRoutes = (api, context) => {
  api.post(
    '/api/traders/:id/bindings',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Bind a prompt to a trader',
        params: IdParams,
        body: BindingCreateBody,
        response: { 201: Binding, ...FAILURES },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const input = {
        traderId: asId<TraderId>(request.params.id),
        promptId: asId<PromptId>(body.prompt_id),
        symbols: body.symbols.map(symbol),
        triggers: body.triggers.map(triggerOf),
        params: body.params,
        enabled: body.enabled,
      };
      return reply.code(201).send(presentBinding(unwrap(await createBinding(context.deps, callerOf(request).scope, input))));
    },
  );

  api.get(
    '/api/traders/:id/bindings',
    {
      config: { policy: 'user' },
      schema: { tags: TAGS, summary: 'Bindings of a trader', params: IdParams, response: { 200: BindingList, ...FAILURES } },
    },
    async (request) => {
      const bindings = unwrap(await listBindings(context.deps, callerOf(request).scope, { traderId: asId<TraderId>(request.params.id) }));
      return { items: bindings.map(presentBinding) };
    },
  );
};

const addMember: AddRoutes = (api, context) => {
  api.patch(
    '/api/bindings/:id',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Change what is given; a new schedule starts from now',
        params: IdParams,
        body: BindingPatchBody,
        response: { 200: Binding, ...FAILURES },
      },
    },
    async (request) => {
      const { body } = request;
      const input = {
        bindingId: asId<BindingId>(request.params.id),
        promptId: body.prompt_id === undefined ? undefined : asId<PromptId>(body.prompt_id),
        symbols: body.symbols?.map(symbol),
        triggers: body.triggers?.map(triggerOf),
        params: body.params,
        enabled: body.enabled,
      };
      return presentBinding(unwrap(await patchBinding(context.deps, callerOf(request).scope, input)));
    },
  );

  api.delete(
    '/api/bindings/:id',
    {
      config: { policy: 'user' },
      schema: { tags: TAGS, summary: 'End a binding; what it did stays', params: IdParams, response: { 204: NO_CONTENT, ...FAILURES } },
    },
    async (request, reply) => {
      unwrap(await deleteBinding(context.deps, callerOf(request).scope, { bindingId: asId<BindingId>(request.params.id) }));
      return reply.code(204).send(null);
    },
  );
};

const addActions: AddRoutes = (api, context) => {
  api.post(
    '/api/bindings/:id/trigger',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'Run once now; the same event_id runs once for all time',
        params: IdParams,
        body: TriggerBody.nullish(),
        response: { 202: TriggerAnswer, ...FAILURES },
      },
    },
    async (request, reply) => {
      const input = { bindingId: asId<BindingId>(request.params.id), eventId: request.body?.event_id ?? null };
      const fired = unwrap(await fireManualTrigger(context.deps, callerOf(request).scope, input));
      return reply
        .code(202)
        .send({ run_id: fired.run.id, trigger_id: fired.run.trigger.id, duplicate: fired.isDuplicate, cause: 'manual' as const });
    },
  );

  api.post(
    '/api/bindings/:id/preview',
    {
      config: { policy: 'user' },
      schema: {
        tags: TAGS,
        summary: 'The prompt as it would be sent now',
        params: IdParams,
        response: { 200: PromptPreviewAnswer, ...FAILURES },
      },
    },
    async (request) =>
      presentPreview(
        unwrap(await previewBinding(context.deps, callerOf(request).scope, { bindingId: asId<BindingId>(request.params.id) })),
      ),
  );
};
