import type { LanguageModelPort } from '@hyperoru/engine';
import type { OpenAiCompatibleOptions } from './model.ts';

type Closable = LanguageModelPort & { close(): Promise<void> };

/**
 * Any model behind an OpenAI-compatible endpoint, as `model.ts` says. Its libraries are loaded with the first question, so that
 * they cost the start of the product nothing.
 */
export function openAiCompatibleModel(options: OpenAiCompatibleOptions): Closable {
  let loading: Promise<Closable> | null = null;
  const load = (): Promise<Closable> => {
    loading ??= import('./model.ts').then((module) => module.openAiCompatibleModel(options));
    return loading;
  };
  return {
    ask: async (request) => (await load()).ask(request),
    close: async () => {
      if (loading !== null) await (await loading).close();
    },
  };
}
