import { InvitationAnswer, LoginAnswer, LoginBody, ProfileBody, RegisterBody, StepUpAnswer, StepUpBody, User } from '@hyperoru/contracts';
import { toIso } from '@hyperoru/domain';
import { createInvitation, logIn, logOut, registerUser, stepUp, updateProfile } from '@hyperoru/engine';
import { unwrap } from '../../errors.ts';
import { callerOf, clearSessionCookie, setSessionCookie } from '../../plugins/authentication.ts';
import { credentialLimit } from '../../plugins/rate-limits.ts';
import { type AddRoutes, FAILURES, NO_CONTENT } from '../route.ts';
import { presentLogin, presentUser } from './presenter.ts';

const TAGS = ['users'];

export const addUserRoutes: AddRoutes = (api, context) => {
  addEntrance(api, context);
  addProfile(api, context);
  addStepUp(api, context);
  addInvitations(api, context);
};

const addEntrance: AddRoutes = (api, context) => {
  const config = { policy: 'public' as const, rateLimit: credentialLimit(context) };

  api.post(
    '/api/users/register',
    {
      config,
      schema: {
        tags: TAGS,
        summary: "Create a user by an owner's invitation",
        security: [],
        body: RegisterBody,
        response: { 201: LoginAnswer, ...FAILURES },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const input = {
        invitationToken: body.invitation_token,
        username: body.username,
        email: body.email,
        password: body.password,
        address: request.ip,
      };
      const login = unwrap(await registerUser(context.deps, context.access, input));
      setSessionCookie(reply, context, login.sessionToken);
      return reply.code(201).send(presentLogin(login));
    },
  );

  api.post(
    '/api/users/login',
    {
      config,
      schema: {
        tags: TAGS,
        summary: 'Log in by user name or e-mail address',
        security: [],
        body: LoginBody,
        response: { 200: LoginAnswer, ...FAILURES },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const input = { login: body.username ?? body.email ?? '', password: body.password, address: request.ip };
      const login = unwrap(await logIn(context.deps, context.access, input));
      setSessionCookie(reply, context, login.sessionToken);
      return reply.send(presentLogin(login));
    },
  );

  api.post(
    '/api/users/logout',
    { config: { policy: 'user' }, schema: { tags: TAGS, summary: 'End this session', response: { 204: NO_CONTENT, ...FAILURES } } },
    async (request, reply) => {
      const { scope, session } = callerOf(request);
      unwrap(await logOut(context.deps, scope, { sessionId: session.id }));
      context.access.sessionsChanged();
      clearSessionCookie(reply, context);
      return reply.code(204).send(null);
    },
  );
};

const addProfile: AddRoutes = (api, context) => {
  api.get(
    '/api/users/profile',
    { config: { policy: 'user' }, schema: { tags: TAGS, summary: 'Who am I', response: { 200: User, ...FAILURES } } },
    async (request) => presentUser(callerOf(request).user),
  );

  api.put(
    '/api/users/profile',
    {
      config: { policy: 'user', rateLimit: credentialLimit(context) },
      schema: {
        tags: TAGS,
        summary: 'Change name, e-mail address or password; a new password ends all other logins',
        body: ProfileBody,
        response: { 200: User, ...FAILURES },
      },
    },
    async (request) => {
      const { scope, session } = callerOf(request);
      const { body } = request;
      const input = {
        sessionId: session.id,
        username: body.username,
        email: body.email,
        password: body.password,
        currentPassword: body.current_password,
      };
      const user = unwrap(await updateProfile(context.deps, scope, context.access, input));
      context.access.sessionsChanged();
      return presentUser(user);
    },
  );
};

const addStepUp: AddRoutes = (api, context) => {
  api.post(
    '/api/users/step-up',
    {
      config: { policy: 'user', rateLimit: credentialLimit(context) },
      schema: {
        tags: TAGS,
        summary: 'Prove the password again; for 5 minutes this session or API token may raise limits and disarm the kill switch',
        body: StepUpBody,
        response: { 200: StepUpAnswer, ...FAILURES },
      },
    },
    async (request) => {
      const { scope, session } = callerOf(request);
      const input = { sessionId: session.id, password: request.body.password };
      const { expiresAt } = unwrap(await stepUp(context.deps, scope, context.access, input));
      // The known sessions do not know it yet.
      context.access.sessionsChanged();
      return { expires_at: toIso(expiresAt) };
    },
  );
};

const addInvitations: AddRoutes = (api, context) => {
  api.post(
    '/api/users/invitations',
    {
      config: { policy: 'owner' },
      schema: { tags: TAGS, summary: 'A token with which one more person may register', response: { 201: InvitationAnswer, ...FAILURES } },
    },
    async (request, reply) => {
      const invitation = unwrap(await createInvitation(context.deps, callerOf(request).scope));
      return reply.code(201).send({ invitation_token: invitation.invitationToken, expires_at: toIso(invitation.expiresAt) });
    },
  );
};
