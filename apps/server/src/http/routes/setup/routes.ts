import { LoginAnswer, SetupBody, SetupState } from '@hyperoru/contracts';
import { needsSetup, setUpFirstUser } from '@hyperoru/engine';
import { unwrap } from '../../errors.ts';
import { setSessionCookie } from '../../plugins/authentication.ts';
import { credentialLimit } from '../../plugins/rate-limits.ts';
import { type AddRoutes, FAILURES } from '../route.ts';
import { presentLogin } from '../users/presenter.ts';

const TAGS = ['users'];

export const addSetupRoutes: AddRoutes = (api, context) => {
  api.get(
    '/api/setup',
    {
      config: { policy: 'public', whileStarting: true },
      schema: { tags: TAGS, summary: 'Whether the first user is still missing', security: [], response: { 200: SetupState, ...FAILURES } },
    },
    async () => ({ needs_setup: await needsSetup(context.deps), version: context.version }),
  );

  api.post(
    '/api/setup',
    {
      config: { policy: 'public', rateLimit: credentialLimit(context) },
      schema: {
        tags: TAGS,
        summary: 'Create the first user with the token printed at start',
        security: [],
        body: SetupBody,
        response: { 201: LoginAnswer, ...FAILURES },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const input = {
        setupToken: body.setup_token,
        username: body.username,
        email: body.email,
        password: body.password,
        address: request.ip,
      };
      const login = unwrap(await setUpFirstUser(context.deps, context.access, input));
      setSessionCookie(reply, context, login.sessionToken);
      return reply.code(201).send(presentLogin(login));
    },
  );
};
