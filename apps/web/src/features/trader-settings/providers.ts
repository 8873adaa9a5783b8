/** A model provider whose address is filled in exactly as its documentation writes it. */
export interface Provider {
  readonly id: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly models: readonly string[];
  readonly needsKey: boolean;
}

export const PROVIDERS: readonly Provider[] = [
  { id: 'openai', name: 'OpenAI', baseUrl: 'https://api.openai.com/v1', models: ['gpt-4o', 'gpt-4o-mini'], needsKey: true },
  {
    id: 'anthropic',
    name: 'Anthropic',
    baseUrl: 'https://api.anthropic.com/v1',
    models: ['claude-sonnet-4-20250514', 'claude-3-5-haiku-20241022'],
    needsKey: true,
  },
  {
    id: 'google',
    name: 'Google',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    models: ['gemini-2.0-flash'],
    needsKey: true,
  },
  {
    id: 'deepseek',
    name: 'DeepSeek',
    baseUrl: 'https://api.deepseek.com/v1',
    models: ['deepseek-chat', 'deepseek-reasoner'],
    needsKey: true,
  },
  { id: 'local', name: 'Local (Ollama)', baseUrl: 'http://localhost:11434/v1', models: ['llama3.1', 'qwen2.5'], needsKey: false },
];

/** Any other address that speaks the OpenAI protocol. */
export const OTHER_PROVIDER = 'other';

/** Which provider an address belongs to. */
export function providerOf(baseUrl: string): Provider | undefined {
  const wanted = baseUrl.trim().replace(/\/+$/, '');
  return PROVIDERS.find((provider) => provider.baseUrl === wanted);
}
