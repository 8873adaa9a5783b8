import { z } from 'zod';

/** The connection never stood, so no byte of the request left. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
const CAUSES_MAX = 6;
const WITH_CODE = z.object({ code: z.string() });
const WITH_CAUSE = z.object({ cause: z.unknown() });

/** Codes of the network along an error's chain of causes, outermost first. They hold nothing of the request. */
export function failureCodes(error: unknown): readonly string[] {
  const codes: string[] = [];
  let at = error;
  for (let depth = 0; depth < CAUSES_MAX; depth++) {
    const coded = WITH_CODE.safeParse(at);
    if (coded.success) codes.push(coded.data.code);
    const next = WITH_CAUSE.safeParse(at);
    if (!next.success) break;
    at = next.data.cause;
  }
  return codes;
}

/** True when the request certainly did not leave this machine; every other failure leaves its fate open. */
export const wasNeverConnected = (error: unknown): boolean => failureCodes(error).some((code) => NEVER_CONNECTED.has(code));
