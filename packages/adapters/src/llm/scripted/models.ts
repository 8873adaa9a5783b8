/** Names of the scripted models; each is one rule. */
export const SCRIPTED_MODELS = ['scripted-momentum', 'scripted-reversion'] as const;
export type ScriptedModel = (typeof SCRIPTED_MODELS)[number];
