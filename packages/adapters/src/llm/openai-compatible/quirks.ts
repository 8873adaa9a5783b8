import { type Capability, rungBelow } from './capability.ts';

/** One known way in which endpoints refuse a request, and what to change. A new provider quirk is a new row. */
interface Quirk {
  readonly name: string;
  /** Matches the endpoint's error text. */
  readonly saying: RegExp;
  /** What to try instead; null when this quirk cannot apply any more. */
  readonly change: (now: Capability) => Capability | null;
}

const QUIRKS: readonly Quirk[] = [
  {
    name: 'wants max_completion_tokens',
    saying: /max_tokens[\s\S]*(?:unsupported|not supported|max_completion_tokens)|(?:unsupported|not supported)[\s\S]*max_tokens/i,
    change: (now) => (now.outputLimit === 'max_tokens' ? { ...now, outputLimit: 'max_completion_tokens' } : null),
  },
  {
    name: 'allows fewer output tokens than we ask for, or none of the names',
    saying: /max_(?:completion_)?tokens|maximum (?:output|completion) tokens/i,
    change: (now) => (now.outputLimit === 'none' ? null : { ...now, outputLimit: 'none' }),
  },
  {
    name: 'has a fixed temperature',
    saying: /temperature/i,
    change: (now) => (now.sendsTemperature ? { ...now, sendsTemperature: false } : null),
  },
];

/** Texts that no simpler request can cure. */
const HOPELESS =
  /context.{0,20}length|too (?:long|many tokens)|credit|quota|billing|api.?key|model.{0,80}(?:not exist|not found|unknown)|(?:unknown|invalid|no such) model/i;

/** A refused request's error text → the request to try next, or null when the refusal stands. */
export function adaptTo(errorText: string, now: Capability): Capability | null {
  for (const quirk of QUIRKS) {
    const next = quirk.saying.test(errorText) ? quirk.change(now) : null;
    if (next !== null) return next;
  }
  return HOPELESS.test(errorText) ? null : rungBelow(now);
}
