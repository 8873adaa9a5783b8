import { isIP } from 'node:net';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';

/** One setting: the single source of its name, meaning and default. The configuration reference is generated from this list. */
export interface ConfigField {
  /** Name of the environment variable. */
  readonly name: string;
  readonly description: string;
  /** As it is written in the environment; null = unset. */
  readonly default: string | null;
  readonly isSecret: boolean;
}

const fields = z.registry<ConfigField>();

/** Attaches name, meaning and default to the schema of one setting. */
function field<T extends z.ZodType>(name: string, fallback: string | null, description: string, schema: T, isSecret = false): T {
  fields.add(schema, { name, default: fallback, description, isSecret });
  return schema;
}

const DECIMAL = /^\d{1,20}(\.\d{1,18})?$/;
const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `expected a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `expected a whole number from ${min} to ${max}`);
const flag = () => z.enum(['0', '1', 'true', 'false'], 'expected 1 or 0').transform((text) => text === '1' || text === 'true');
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);
const folder = () => z.string().transform((text) => absolutePath(text));
const optionalFile = () => folder().nullable();
const hosts = list.refine((items) => items.every((item) => !item.includes('/')), 'expected host names without scheme, separated by commas');
const endpoints = list.refine((items) => items.every(isOrigin), 'expected origins such as http://localhost:11434, separated by commas');

const ConfigSchema = z.object({
  port: field('PORT', '8080', 'TCP port of API, stream and dashboard; 0 takes any free one.', integer(0, 65_535)),
  host: field(
    'HOST',
    '127.0.0.1',
    'Address to listen on. Anything but loopback needs TLS or a proxy in front.',
    z.string().min(1).max(200),
  ),
  home: field('HYPERORU_HOME', '~/.hyperoru', 'Folder of database, logs and lock. Back it up with `hyperoru backup`.', folder()),
  databaseUrl: field(
    'DATABASE_URL',
    null,
    'PostgreSQL 15 or newer to use in place of the built-in one, as postgres://user:password@host:port/name.',
    z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'expected postgres://…')
      .nullable(),
    true,
  ),
  keyFile: field(
    'HYPERORU_KEY_FILE',
    '~/.hyperoru-key/master.key',
    'File with the key that encrypts stored secrets; created with mode 0600 at first start. Must lie outside HYPERORU_HOME.',
    folder(),
  ),
  key: field('HYPERORU_KEY', null, 'The key itself, 32 bytes as base64, in place of the file.', z.string().max(200).nullable(), true),
  setupToken: field(
    'HYPERORU_SETUP_TOKEN',
    null,
    'Token that creates the first user; a random one is printed when unset.',
    z.string().min(16, 'expected at least 16 characters').max(200).nullable(),
    true,
  ),
  sessionDays: field('HYPERORU_SESSION_DAYS', '180', 'Days after which a login ends, 1 to 3650.', integer(1, 3650)),
  allowedHosts: field(
    'HYPERORU_ALLOWED_HOSTS',
    '',
    'Host names under which the dashboard may be opened besides localhost, separated by commas.',
    hosts,
  ),
  privateEndpoints: field(
    'HYPERORU_PRIVATE_ENDPOINTS',
    'http://localhost:11434',
    'Origins inside the private network that a model base URL may use, separated by commas.',
    endpoints,
  ),
  behindProxy: field('HYPERORU_BEHIND_PROXY', '0', '1 when a reverse proxy terminates TLS in front of this process.', flag()),
  trustedProxies: field(
    'HYPERORU_TRUSTED_PROXIES',
    '127.0.0.1,::1',
    'Addresses whose X-Forwarded-* headers are believed when behind a proxy, separated by commas.',
    list.refine((items) => items.every((item) => isIP(item.split('/')[0] ?? '') !== 0), 'expected IP addresses, separated by commas'),
  ),
  tlsCertFile: field(
    'HYPERORU_TLS_CERT_FILE',
    null,
    'Certificate chain in PEM; switches TLS on together with the key file.',
    optionalFile(),
  ),
  tlsKeyFile: field('HYPERORU_TLS_KEY_FILE', null, 'Private key of the certificate in PEM.', optionalFile()),
  logLevel: field(
    'HYPERORU_LOG_LEVEL',
    'info',
    'debug, info, warn or error.',
    z.enum(['debug', 'info', 'warn', 'error'], 'expected debug, info, warn or error'),
  ),
  paperReplaySpeed: field(
    'PAPER_REPLAY_SPEED',
    '1800',
    'Seconds of recorded market that pass in one second at the paper venue, 1 to 100000.',
    integer(1, 100_000),
  ),
  paperReplayStart: field(
    'PAPER_REPLAY_START',
    '2024-01-01T00:00:00Z',
    'Moment of the recording at which a new paper market begins, ISO 8601; the recording spans 2016-05-18 to 2025-10-28.',
    z.iso.datetime('expected an ISO 8601 time such as 2025-01-01T00:00:00Z'),
  ),
  paperStartBalance: field(
    'PAPER_START_BALANCE',
    '10000',
    'Balance of a new paper account in quote currency.',
    z
      .string()
      .regex(DECIMAL, 'expected a plain decimal')
      .refine((text) => /[1-9]/.test(text), 'expected more than 0'),
  ),
  workerSlots: field('WORKER_SLOTS', '200', 'Traders that may run at the same moment, 1 to 1000.', integer(1, 1000)),
  poolMax: field('PG_POOL_MAX', '10', 'Database connections at most, 2 to 100.', integer(2, 100)),
  demo: field('HYPERORU_DEMO', '1', '0 keeps an empty instance empty: no demo traders at first start.', flag()),
});

export type Config = Readonly<z.infer<typeof ConfigSchema>>;

const fieldOf = (schema: z.ZodType): ConfigField => {
  const found = fields.get(schema);
  if (found === undefined) throw new Error('Expected a name and a description at every setting.');
  return found;
};
const FIELD_OF_KEY: ReadonlyMap<string, ConfigField> = new Map(
  Object.entries(ConfigSchema.shape).map(([key, schema]) => [key, fieldOf(schema)]),
);

/** Every setting in the order of the reference. */
export const CONFIG_FIELDS: readonly ConfigField[] = [...FIELD_OF_KEY.values()];

/** What the command line may set; it wins over the environment. */
export interface ConfigFlags {
  readonly port?: string | undefined;
  readonly host?: string | undefined;
  readonly behindProxy?: boolean | undefined;
  readonly demo?: boolean | undefined;
}

export type ConfigResult = { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly problems: readonly string[] };

/** Reads and checks every setting; names all problems at once. */
export function readConfig(flags: ConfigFlags = {}, environment: Readonly<Record<string, string | undefined>> = process.env): ConfigResult {
  const given = { ...environment, ...flagValues(flags) };
  const input = Object.fromEntries([...FIELD_OF_KEY].map(([key, { name, default: fallback }]) => [key, valueOf(given[name], fallback)]));
  const parsed = ConfigSchema.safeParse(input);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.map((issue) => `${nameOf(issue.path[0])}: ${issue.message}.`) };
  const problems = contradictions(parsed.data);
  return problems.length === 0 ? { ok: true, config: parsed.data } : { ok: false, problems };
}

/** True when other machines cannot reach the address. */
export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

function contradictions(config: Config): readonly string[] {
  const problems: string[] = [];
  const hasTls = config.tlsCertFile !== null && config.tlsKeyFile !== null;
  if ((config.tlsCertFile === null) !== (config.tlsKeyFile === null)) {
    problems.push('HYPERORU_TLS_CERT_FILE and HYPERORU_TLS_KEY_FILE: set both, or neither.');
  }
  if (!isLoopback(config.host) && !hasTls && !config.behindProxy) {
    problems.push(
      `HOST: ${config.host} is reachable from other machines; set HYPERORU_TLS_CERT_FILE and HYPERORU_TLS_KEY_FILE, or --behind-proxy when a proxy adds TLS.`,
    );
  }
  if (config.key === null && isInside(config.keyFile, config.home)) {
    problems.push('HYPERORU_KEY_FILE: lies inside HYPERORU_HOME; a copy of the data would carry its own key. Choose another folder.');
  }
  return problems;
}

const isInside = (path: string, parent: string): boolean => path === parent || path.startsWith(`${parent}/`);

const valueOf = (given: string | undefined, fallback: string | null): string | null =>
  given === undefined || given === '' ? fallback : given;

const nameOf = (key: PropertyKey | undefined): string => FIELD_OF_KEY.get(String(key))?.name ?? String(key);

function flagValues(flags: ConfigFlags): Record<string, string> {
  const values: Record<string, string> = {};
  if (flags.port !== undefined) values['PORT'] = flags.port;
  if (flags.host !== undefined) values['HOST'] = flags.host;
  if (flags.behindProxy === true) values['HYPERORU_BEHIND_PROXY'] = '1';
  if (flags.demo === false) values['HYPERORU_DEMO'] = '0';
  return values;
}

function absolutePath(text: string): string {
  const expanded = text === '~' || text.startsWith('~/') ? join(homedir(), text.slice(2)) : text;
  return isAbsolute(expanded) ? expanded : resolve(expanded);
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.origin === text.replace(/\/$/, '');
}
