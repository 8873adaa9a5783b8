import {
  ApiToken,
  type ApiTokenBody,
  ApiTokenCreated,
  InvitationAnswer,
  LoginAnswer,
  type LoginBody,
  type ProfileBody,
  type RegisterBody,
  type SetupBody,
  SetupState,
  StepUpAnswer,
  User,
} from '@hyperoru/contracts';
import { z } from 'zod';
import { request, send } from './http.ts';

const ApiTokens = z.object({ items: z.array(ApiToken) });

export const readSetupState = () => request(SetupState, '/api/setup');
export const setUp = (body: z.infer<typeof SetupBody>) => request(LoginAnswer, '/api/setup', { method: 'POST', body });
export const register = (body: z.infer<typeof RegisterBody>) => request(LoginAnswer, '/api/users/register', { method: 'POST', body });
export const login = (body: z.infer<typeof LoginBody>) => request(LoginAnswer, '/api/users/login', { method: 'POST', body });
export const logout = () => send('/api/users/logout', { method: 'POST' });
export const readProfile = () => request(User, '/api/users/profile');
export const changeProfile = (body: z.infer<typeof ProfileBody>) => request(User, '/api/users/profile', { method: 'PUT', body });
export const stepUp = (password: string) => request(StepUpAnswer, '/api/users/step-up', { method: 'POST', body: { password } });
export const listTokens = () => request(ApiTokens, '/api/tokens');
export const createToken = (body: z.infer<typeof ApiTokenBody>) => request(ApiTokenCreated, '/api/tokens', { method: 'POST', body });
export const deleteToken = (id: string) => send(`/api/tokens/${id}`, { method: 'DELETE' });
export const createInvitation = () => request(InvitationAnswer, '/api/users/invitations', { method: 'POST' });
