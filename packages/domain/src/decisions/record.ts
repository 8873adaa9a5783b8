import type { Json } from '../ids/canonical-json.ts';
import type { BindingId, DecisionId, PromptVersionId, RunId, TraderId } from '../ids/ids.ts';
import type { Timestamp } from '../time/timestamp.ts';
import type { Decision } from './decision.ts';
import type { Plan } from './plan.ts';

/** What the gate said. `held` = the strategy wants nothing; `invalid` = the answer was no decision, treated as hold. */
export interface Verdict {
  readonly status: 'approved' | 'denied' | 'held' | 'invalid';
  readonly code: string | null;
  readonly message: string | null;
}

/** One decision of a run with everything behind it; append-only. A run has 0..n, in the order of the answer. */
export interface DecisionRecord {
  readonly id: DecisionId;
  readonly runId: RunId;
  readonly traderId: TraderId;
  /** null, both, when a person decided. */
  readonly bindingId: BindingId | null;
  readonly promptVersionId: PromptVersionId | null;
  /** 0, 1, 2 … in the answer. */
  readonly index: number;
  /** null when the answer was invalid. */
  readonly decision: Decision | null;
  readonly plan: Plan | null;
  readonly verdict: Verdict;
  /** SHA-256 of the canonical JSON of the frozen context. */
  readonly contextHash: string;
  readonly createdAt: Timestamp;
}

/** One exchange with the model, as it happened; keys are never in it. */
export interface ModelCall {
  readonly runId: RunId;
  /** 1 = first answer, 2 = repair. */
  readonly step: number;
  readonly model: string;
  readonly baseUrl: string;
  readonly isScripted: boolean;
  readonly context: Json;
  readonly contextHash: string;
  readonly promptText: string;
  readonly rawRequest: string;
  readonly rawAnswer: string | null;
  readonly reasoning: string | null;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  /** Decimal text; null = unknown, which is not 0. */
  readonly costUsd: string | null;
  readonly latencyMs: number;
  /** Stable code when it failed. */
  readonly errorCode: string | null;
  readonly createdAt: Timestamp;
}
