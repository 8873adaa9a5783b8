import type { PromptId, PromptVersionId, UserId } from '../ids/ids.ts';
import type { Timestamp } from '../time/timestamp.ts';

/** A named prompt strategy; its text lives in versions. */
export interface Prompt {
  readonly id: PromptId;
  readonly ownerId: UserId;
  readonly name: string;
  readonly currentVersionId: PromptVersionId;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
  readonly deletedAt: Timestamp | null;
}

/** One unchangeable text of a prompt; decisions pin it. */
export interface PromptVersion {
  readonly id: PromptVersionId;
  readonly promptId: PromptId;
  /** 1, 2, 3 … within the prompt. */
  readonly number: number;
  readonly content: string;
  /** SHA-256 of the UTF-8 content, 64 hex digits. */
  readonly contentHash: string;
  readonly createdAt: Timestamp;
}
