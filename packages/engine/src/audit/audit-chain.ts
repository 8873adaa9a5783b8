import { canonicalJson } from '@hyperoru/domain';
import type { Ids } from '../ports/ids.ts';
import type { AuditEntry } from '../ports/store.ts';

/** `previousHash` of the first entry. */
export const AUDIT_GENESIS = '0'.repeat(64);

/** Links entries behind the end of the chain (null = the chain is empty), in their order. What is hashed must be what the store gives back. */
export function chainAudit(
  ids: Pick<Ids, 'hash'>,
  end: Pick<AuditEntry, 'seq' | 'hash'> | null,
  entries: readonly Omit<AuditEntry, 'seq' | 'previousHash' | 'hash'>[],
): readonly AuditEntry[] {
  let { seq, hash: previousHash } = end ?? { seq: 0, hash: AUDIT_GENESIS };
  return entries.map((entry) => {
    seq += 1;
    const link = { ...entry, seq, previousHash };
    previousHash = auditHash(ids, link);
    return { ...link, hash: previousHash };
  });
}

/** SHA-256 of the previous hash followed by the canonical JSON of the entry without its own hash. */
export function auditHash(
  ids: Pick<Ids, 'hash'>,
  { seq, at, ownerId, actor, action, subject, detail, previousHash }: Omit<AuditEntry, 'hash'>,
): string {
  return ids.hash(previousHash + canonicalJson({ seq, at, ownerId, actor, action, subject, detail, previousHash }));
}
