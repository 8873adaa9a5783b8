/** What stands in a text where a secret was. */
export const REDACTED = '[redacted]';

/** Shorter values are words, not secrets; hiding them would make logs unreadable. */
const SECRET_LENGTH_MIN = 8;
const REMEMBERED_MAX = 10_000;

/** Forms of secrets that are known by their look alone. Each keeps its first group and hides the rest. */
const PATTERNS: readonly RegExp[] = [
  /(\bBearer\s+)[A-Za-z0-9._~+/=-]{8,}/gi,
  /(\bBasic\s+)[A-Za-z0-9+/=]{8,}/gi,
  /(\bsk-)[A-Za-z0-9_-]{8,}/g,
  /(\bAIza)[A-Za-z0-9_-]{20,}/g,
  /(\bh(?:at|st|up|in)_)[A-Za-z0-9_-]{12,}/g,
  /(\b0x)[0-9a-fA-F]{64}\b/g,
  /((?:signature|api_?key|apikey|secret|token|password)=)[^&\s"'\\]{4,}/gi,
  /(\b[a-z][a-z0-9+.-]*:\/\/[^:/\s"'@]+:)[^@/\s"']+(?=@)/gi,
  /(-----BEGIN [A-Z ]*PRIVATE KEY-----)[^"]*?(?=-----END|"|$)/g,
];

/** Last filter before a text leaves the process: hides remembered secrets exactly, and everything that looks like one. */
export interface Redactor {
  redact(text: string): string;
  /** Hides this value from now on. Values under 8 characters are ignored; the newest 10,000 are kept. */
  remember(secret: string): void;
}

export function createRedactor(): Redactor {
  const remembered = new Set<string>();
  return {
    redact: (text) => {
      let clean = text;
      for (const secret of remembered) if (clean.includes(secret)) clean = clean.replaceAll(secret, REDACTED);
      for (const pattern of PATTERNS) clean = clean.replace(pattern, `$1${REDACTED}`);
      return clean;
    },
    remember: (secret) => {
      if (secret.length < SECRET_LENGTH_MIN) return;
      const escaped = JSON.stringify(secret).slice(1, -1);
      for (const form of new Set([secret, escaped, encodeURIComponent(secret)])) {
        remembered.delete(form);
        remembered.add(form);
      }
      for (const oldest of remembered) {
        if (remembered.size <= REMEMBERED_MAX) break;
        remembered.delete(oldest);
      }
    },
  };
}
