/** An answer as a test looks at it. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, else the text; null when there is no body. */
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts the shape it expects.
  readonly body: any;
  readonly text: string;
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, in place of a JSON body. */
  readonly rawBody?: string;
}

/** Calls the API over the wire as one user, or as nobody. */
export class ApiClient {
  readonly url: string;
  readonly token: string | null;
  readonly userId: string | null;

  constructor(url: string, token: string | null = null, userId: string | null = null) {
    this.url = url;
    this.token = token;
    this.userId = userId;
  }

  async call(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<ApiAnswer> {
    const payload = options.rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${this.url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(payload === undefined ? {} : { body: payload }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  }

  readonly get = (path: string, options?: CallOptions) => this.call('GET', path, undefined, options);
  readonly post = (path: string, body?: unknown, options?: CallOptions) => this.call('POST', path, body, options);
  readonly put = (path: string, body?: unknown, options?: CallOptions) => this.call('PUT', path, body, options);
  readonly patch = (path: string, body?: unknown, options?: CallOptions) => this.call('PATCH', path, body, options);
  readonly delete = (path: string, options?: CallOptions) => this.call('DELETE', path, undefined, options);
}

function parsed(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
