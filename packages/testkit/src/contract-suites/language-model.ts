import type { LanguageModelPort, ModelErrorCode, ModelRequest } from '@hyperoru/engine';
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

/** What every LanguageModelPort must do. */
export function describeLanguageModel(name: string, open: () => Promise<LanguageModelSubject>): void {
  describe(`${name} as LanguageModelPort`, () => {
    let subject: LanguageModelSubject;
    beforeEach(async () => {
      subject = await open();
    });
    afterEach(() => subject.close());
    const ask = (extra: Partial<ModelRequest> = {}) =>
      subject.port.ask({
        model: 'any-model',
        baseUrl: subject.baseUrl,
        apiKey: KEY,
        systemText: 'system',
        promptText: 'prompt',
        schemaName: 'decision',
        schema: { type: 'object' },
        deadlineMs: 60_000,
        check: (text) => (text === 'good' ? null : 'It is not good.'),
        ...extra,
      });

    it('gives an acceptable answer after one exchange', async () => {
      subject.answerNext('good');
      const outcome = await ask();
      expect(outcome).toMatchObject({ kind: 'answer', text: 'good', accepted: true });
      expect(outcome.exchanges).toHaveLength(1);
      expect(outcome.exchanges[0]).toMatchObject({ answerText: 'good', errorCode: null });
    });

    it('allows exactly one repair turn', async () => {
      subject.answerNext('bad');
      subject.answerNext('good');
      expect(await ask()).toMatchObject({
        kind: 'answer',
        text: 'good',
        accepted: true,
        exchanges: [{ answerText: 'bad' }, { answerText: 'good' }],
      });
      subject.answerNext('bad');
      subject.answerNext('worse');
      expect(await ask()).toMatchObject({ kind: 'answer', text: 'worse', accepted: false, exchanges: [{}, {}] });
    });

    it('asks check once per answer', async () => {
      const checked: string[] = [];
      subject.answerNext('one');
      subject.answerNext('two');
      await ask({
        check: (text) => {
          checked.push(text);
          return 'No.';
        },
      });
      expect(checked).toEqual(['one', 'two']);
    });

    it.each(FAILURES)('gives %s as a value, with one plain sentence and the exchange', async (code) => {
      subject.failNext(code);
      const outcome = await ask();
      expect(outcome).toMatchObject({ kind: 'error', code, message: expect.stringMatching(/^[^\n]+\.$/) });
      expect(outcome.exchanges.at(-1)).toMatchObject({ errorCode: code, answerText: null });
    });

    it('keeps an unacceptable answer when the repair turn fails', async () => {
      subject.answerNext('bad');
      subject.failNext('model_auth');
      expect(await ask()).toMatchObject({ kind: 'answer', text: 'bad', accepted: false });
    });

    it('sends nothing when it is already canceled', async () => {
      expect(await ask({ signal: AbortSignal.abort() })).toMatchObject({ kind: 'error', code: 'model_canceled', exchanges: [] });
    });

    it('has the key in no record', async () => {
      subject.answerNext('bad');
      subject.failNext('model_auth');
      expect(JSON.stringify(await ask())).not.toContain(KEY.slice(3));
    });
  });
}
