import { ERROR_CATALOGUE, type ErrorBody } from '@hyperoru/contracts';

/** A refused or failed request, with everything a person needs to report it. `status` 0 = the server was not reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  readonly details: NonNullable<ErrorBody['details']>;

  constructor(status: number, body: { error: string; code: string; request_id: string | null; details?: ErrorBody['details'] }) {
    super(body.error);
    this.name = 'ApiError';
    this.status = status;
    this.code = body.code;
    this.requestId = body.request_id;
    this.details = body.details ?? [];
  }
}

/** The advice for an error: what the server says to do about it, else the catalogue's; null when there is none. */
export function fixOf(error: unknown): string | null {
  if (!(error instanceof ApiError)) return null;
  const told = error.details.find(({ field }) => field === 'fix');
  if (told !== undefined) return told.message;
  const entry: { fix: string } | undefined = Object.entries(ERROR_CATALOGUE).find(([code]) => code === error.code)?.[1];
  return entry?.fix ?? null;
}

/** One sentence for a person, whatever was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Something failed that gave no reason.';
}
