const HASH_CHARACTERS = 32;

/** The weak entity tag of a body by its SHA-256: the same records get the same tag from every instance. */
export const entityTag = (sha256: string): string => `W/"${sha256.slice(0, HASH_CHARACTERS)}"`;

/** Whether If-None-Match names the tag, compared weakly (RFC 9110 §13.1.2); no header names nothing. */
export function namesTag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const wanted = opaque(etag);
  return ifNoneMatch.split(',').some((tag) => opaque(tag.trim()) === wanted);
}

const opaque = (tag: string): string => tag.replace(/^W\//, '');
