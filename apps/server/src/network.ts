import { createServer } from 'node:net';
import { type Config, isLoopback } from './config.ts';
import { readTls } from './home/tls.ts';
import type { HttpApp } from './http/app.ts';
import type { NetworkSettings } from './http/context.ts';
import { reasonOf, StartProblem, systemCode } from './start-problem.ts';

const LOCAL_NAMES = ['localhost', '127.0.0.1', '::1'];
const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

/** Names the instance answers to, and how browsers reach it. */
export function networkOf(config: Config): NetworkSettings {
  const own = ANY_ADDRESS.has(config.host) ? [] : [config.host];
  const tls = readTls(config);
  return {
    allowedHosts: new Set([...LOCAL_NAMES, ...own, ...config.allowedHosts].map((name) => name.toLowerCase())),
    isSecure: tls !== null || config.behindProxy,
    trustedProxies: config.behindProxy ? config.trustedProxies : [],
    tls,
  };
}

/** Tries the port before anything is started: a port in use must leave no trace. */
export async function assertPortFree(config: Config): Promise<void> {
  if (config.port === 0) return;
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen({ port: config.port, host: config.host }, resolve);
    });
  } catch (error) {
    throw portProblem(config, error);
  } finally {
    if (probe.listening) await new Promise<void>((resolve) => probe.close(() => resolve()));
  }
}

/** Listens and returns the port, which differs from the setting only when that is 0. */
export async function listen(app: HttpApp, config: Config): Promise<number> {
  try {
    await app.server.listen({ port: config.port, host: config.host });
  } catch (error) {
    throw portProblem(config, error);
  }
  const address = app.server.server.address();
  return typeof address === 'object' && address !== null ? address.port : config.port;
}

/** The address to open in a browser on this machine. */
export function urlOf(config: Config, port: number): string {
  const scheme = config.tlsCertFile === null ? 'http' : 'https';
  const name =
    isLoopback(config.host) || ANY_ADDRESS.has(config.host) ? 'localhost' : config.host.includes(':') ? `[${config.host}]` : config.host;
  return `${scheme}://${config.host === '127.0.0.1' ? '127.0.0.1' : name}:${port}`;
}

function portProblem(config: Config, error: unknown): StartProblem {
  const where = `${config.host}:${config.port}`;
  switch (systemCode(error)) {
    case 'EADDRINUSE':
      return new StartProblem(
        `Port ${config.port} is in use on ${config.host}. Stop the program that uses it, or choose another with --port or PORT.`,
        { cause: error },
      );
    case 'EACCES':
      return new StartProblem(`Port ${config.port} may not be used by this user. Choose one above 1023 with --port or PORT.`, {
        cause: error,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartProblem(`${config.host} is no address of this machine. Correct --host or HOST.`, { cause: error });
    default:
      return new StartProblem(`Listening on ${where} failed: ${reasonOf(error)}. Choose another address with --host and --port.`, {
        cause: error,
      });
  }
}
