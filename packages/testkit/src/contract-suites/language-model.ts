import type { LanguageModelPort, ModelErrorCode, ModelOutcome, ModelRequest } from '@hyperoru/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** A model whose next answers the suite decides. */
export interface LanguageModelSubject {
  readonly port: LanguageModelPort;
  readonly baseUrl: string;
  answerNext(text: string): void;
  failNext(code: 'model_auth' | 'model_not_found' | 'model_bad_request'): void;
  close(): Promise<void>;
}

const KEY = 'sk-contract-4d7e19b2c8a05f36';
const FAILURES = ['model_auth', 'model_not_found', 'model_bad_request'] as const satisfies readonly ModelErrorCode[];

type Ask = (extra?: Partial<ModelRequest>) => Promise<ModelOutcome>;

/** What every LanguageModelPort must do. */
export function describeLanguageModel(name: string, open: () => Promise<LanguageModelSubject>): void {
  describe(`${name} as LanguageModelPort`, () => {
    let subject: LanguageModelSubject | null = null;
    const current = (): LanguageModelSubject => {
      if (subject === null) throw new Error('Expected an open subject.');
      return subject;
    };
    beforeEach(async () => {
      subject = await open();
    });
    afterEach(() => current().close());
    const ask: Ask = (extra = {}) => current().port.ask({ ...QUESTION, baseUrl: current().baseUrl, ...extra });
    itAnswers(current, ask);
    itFails(current, ask);
  });
}

const QUESTION: Omit<ModelRequest, 'baseUrl'> = {
  model: 'any-model',
  apiKey: KEY,
  systemText: 'system',
  promptText: 'prompt',
  schemaName: 'decision',
  schema: { type: 'object' },
  deadlineMs: 60_000,
  check: (text) => (text === 'good' ? null : 'It is not good.'),
};

function itAnswers(subject: () => LanguageModelSubject, ask: Ask): void {
  it('gives an acceptable answer after one exchange', async () => {
    subject().answerNext('good');
    const outcome = await ask();
    expect(outcome).toMatchObject({ kind: 'answer', text: 'good', accepted: true });
    expect(outcome.exchanges).toHaveLength(1);
    expect(outcome.exchanges[0]).toMatchObject({ answerText: 'good', errorCode: null });
  });

  it('allows exactly one repair turn', async () => {
    subject().answerNext('bad');
    subject().answerNext('good');
    const repaired = { kind: 'answer', text: 'good', accepted: true, exchanges: [{ answerText: 'bad' }, { answerText: 'good' }] };
    expect(await ask()).toMatchObject(repaired);
    subject().answerNext('bad');
    subject().answerNext('worse');
    expect(await ask()).toMatchObject({ kind: 'answer', text: 'worse', accepted: false, exchanges: [{}, {}] });
  });

  it('asks check once per answer', async () => {
    const checked: string[] = [];
    subject().answerNext('one');
    subject().answerNext('two');
    const check = (text: string) => {
      checked.push(text);
      return 'No.';
    };
    await ask({ check });
    expect(checked).toEqual(['one', 'two']);
  });
}

function itFails(subject: () => LanguageModelSubject, ask: Ask): void {
  it.each(FAILURES)('gives %s as a value, with one plain sentence and the exchange', async (code) => {
    subject().failNext(code);
    const outcome = await ask();
    expect(outcome).toMatchObject({ kind: 'error', code, message: expect.stringMatching(/^[^\n]+\.$/) });
    expect(outcome.exchanges.at(-1)).toMatchObject({ errorCode: code, answerText: null });
  });

  it('keeps an unacceptable answer when the repair turn fails', async () => {
    subject().answerNext('bad');
    subject().failNext('model_auth');
    expect(await ask()).toMatchObject({ kind: 'answer', text: 'bad', accepted: false });
  });

  it('sends nothing when it is already canceled', async () => {
    expect(await ask({ signal: AbortSignal.abort() })).toMatchObject({ kind: 'error', code: 'model_canceled', exchanges: [] });
  });

  it('has the key in no record', async () => {
    subject().answerNext('bad');
    subject().failNext('model_auth');
    expect(JSON.stringify(await ask())).not.toContain(KEY.slice(3));
  });
}
