import { describeLanguageModel } from '../contract-suites/language-model.ts';
import { queuedModel } from './queued-model.ts';

describeLanguageModel('queuedModel', async () => {
  const port = queuedModel();
  return { port, baseUrl: 'http://localhost:11434/v1', answerNext: port.answerNext, failNext: port.failNext, close: async () => undefined };
});
