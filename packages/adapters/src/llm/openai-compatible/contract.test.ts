import { describeLanguageModel, FakeClock, memoryLog, startModelServer } from '@hyperoru/testkit';
import { openAiCompatibleModel } from './model.ts';

const STATUS = { model_auth: 401, model_not_found: 404, model_bad_request: 413 } as const;

describeLanguageModel('openAiCompatibleModel', async () => {
  const server = await startModelServer();
  const port = openAiCompatibleModel({ clock: new FakeClock(), log: memoryLog(), endpointPolicy: { privateEndpoints: [server.origin] } });
  return {
    port,
    baseUrl: server.baseUrl,
    answerNext: (text) => server.enqueue(text),
    failNext: (code) => server.enqueue({ status: STATUS[code], body: '{}' }),
    close: async () => {
      await port.close();
      await server.stop();
    },
  };
});
