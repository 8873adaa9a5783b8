type Id<Tag extends string> = string & { readonly __tag: Tag };

/** All ids are lower-case UUIDs. The brand keeps a trader's id from standing where a run's is wanted. */
export type UserId = Id<'UserId'>;
export type TraderId = Id<'TraderId'>;
export type PromptId = Id<'PromptId'>;
export type PromptVersionId = Id<'PromptVersionId'>;
export type BindingId = Id<'BindingId'>;
export type TriggerId = Id<'TriggerId'>;
export type RunId = Id<'RunId'>;
export type DecisionId = Id<'DecisionId'>;
export type OrderId = Id<'OrderId'>;
export type KillId = Id<'KillId'>;
export type FillId = Id<'FillId'>;
export type PositionId = Id<'PositionId'>;
export type AlertId = Id<'AlertId'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const isUuid = (text: string): boolean => UUID.test(text);

/** Text → branded id of the type the caller names. Throws RangeError when the text is not a UUID. */
export function asId<T extends Id<string>>(text: string): T {
  if (!isUuid(text)) throw new RangeError(`Expected a lower-case UUID, was "${text.slice(0, 60)}".`);
  return text as T;
}
