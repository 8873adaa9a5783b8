import { z } from 'zod';
import { IsoTime, Uuid } from './primitives.ts';

const Username = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9_.-]{3,40}$/, 'Expected 3–40 letters, digits, dot, dash or underscore.');
const Password = z.string().min(10, 'Expected at least 10 characters.').max(200);
const Email = z.email().max(200);

export const User = z.object({
  id: Uuid,
  username: z.string(),
  email: z.string().nullable(),
  role: z.enum(['owner', 'member']),
  is_active: z.boolean(),
  created_at: IsoTime,
});
export type User = z.infer<typeof User>;

export const SetupState = z.object({ needs_setup: z.boolean(), version: z.string() });
export const SetupBody = z.strictObject({
  setup_token: z.string().min(1).max(200),
  username: Username,
  email: Email.optional(),
  password: Password,
});
export const RegisterBody = z.strictObject({
  invitation_token: z.string().min(1).max(200),
  username: Username,
  email: Email.optional(),
  password: Password,
});
export const InvitationAnswer = z.object({ invitation_token: z.string(), expires_at: IsoTime });
export const LoginBody = z
  .strictObject({ username: z.string().max(200).optional(), email: z.string().max(200).optional(), password: z.string().max(200) })
  .refine((body) => (body.username === undefined) !== (body.email === undefined), 'Expected exactly one of username and email.');
/** Also sets the browser's session cookie. `session_token` is shown only here. */
export const LoginAnswer = z.object({ session_token: z.string(), expires_at: IsoTime, user: User });
export type LoginAnswer = z.infer<typeof LoginAnswer>;
/** The password once more, before something that raises risk. */
export const StepUpBody = z.strictObject({ password: z.string().max(200) });
export const StepUpAnswer = z.object({ expires_at: IsoTime });
export const ProfileBody = z.strictObject({
  username: Username.optional(),
  email: Email.nullable().optional(),
  password: Password.optional(),
  current_password: z.string().max(200).optional(),
});

export const ApiToken = z.object({
  id: Uuid,
  name: z.string(),
  created_at: IsoTime,
  expires_at: IsoTime.nullable(),
  last_used_at: IsoTime.nullable(),
});
export const ApiTokenBody = z.strictObject({
  name: z.string().trim().min(1).max(80),
  expires_in_days: z.number().int().min(1).max(3650).optional(),
});
export const ApiTokenCreated = ApiToken.extend({ token: z.string() });
