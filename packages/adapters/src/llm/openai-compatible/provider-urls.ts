/** One provider as its documentation writes it, and where its OpenAI-compatible interface really is. */
export interface ProviderUrl {
  readonly provider: string;
  /** What a person may enter, exactly. */
  readonly baseUrl: string;
  /** What requests are sent to. */
  readonly requestUrl: string;
  /** Examples only: names change, so any name is accepted. */
  readonly exampleModels: readonly string[];
  readonly needsKey: boolean;
}

/** Known providers. A row whose two addresses differ is a mapping; a URL without a row is used as written. */
export const PROVIDER_URLS: readonly ProviderUrl[] = [
  {
    provider: 'OpenAI',
    baseUrl: 'https://api.openai.com/v1',
    requestUrl: 'https://api.openai.com/v1',
    exampleModels: ['gpt-4o', 'gpt-4o-mini'],
    needsKey: true,
  },
  {
    provider: 'Anthropic',
    baseUrl: 'https://api.anthropic.com/v1',
    requestUrl: 'https://api.anthropic.com/v1',
    exampleModels: ['claude-sonnet-4-20250514', 'claude-3-5-haiku-20241022'],
    needsKey: true,
  },
  {
    provider: 'Google',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    requestUrl: 'https://generativelanguage.googleapis.com/v1beta/openai',
    exampleModels: ['gemini-2.0-flash'],
    needsKey: true,
  },
  {
    provider: 'DeepSeek',
    baseUrl: 'https://api.deepseek.com/v1',
    requestUrl: 'https://api.deepseek.com/v1',
    exampleModels: ['deepseek-chat', 'deepseek-reasoner'],
    needsKey: true,
  },
  { provider: 'Local', baseUrl: 'http://localhost:11434/v1', requestUrl: 'http://localhost:11434/v1', exampleModels: [], needsKey: false },
];
