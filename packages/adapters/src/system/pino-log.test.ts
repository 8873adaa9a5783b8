import { describe, expect, it } from 'vitest';
import { pinoLog } from './pino-log.ts';
import { createRedactor, REDACTED } from './redactor.ts';

const capture = () => {
  const lines: string[] = [];
  return { lines, stream: { write: (line: string) => lines.push(line) }, last: () => JSON.parse(lines.at(-1) ?? 'null') };
};

describe('pinoLog', () => {
  it('writes one JSON line with level, time, event and fields', () => {
    const out = capture();
    pinoLog({ stream: out.stream }).warn('run.failed', { runId: 'r1', latencyMs: 12 });
    expect(out.last()).toMatchObject({ level: 'warn', event: 'run.failed', runId: 'r1', latencyMs: 12, time: expect.stringMatching(/Z$/) });
    expect(out.lines[0]?.endsWith('\n')).toBe(true);
  });

  it('keeps quiet below its level', () => {
    const out = capture();
    const log = pinoLog({ stream: out.stream, level: 'warn' });
    log.debug('a');
    log.info('b');
    expect(out.lines).toEqual([]);
    log.error('c');
    expect(out.last().event).toBe('c');
  });

  it('hides secret fields by name at three depths', () => {
    const out = capture();
    pinoLog({ stream: out.stream }).info('x', { apiKey: 'one-1', a: { password: 'two-2' }, b: { c: { authorization: 'three-3' } } });
    expect(out.last()).toMatchObject({ apiKey: REDACTED, a: { password: REDACTED }, b: { c: { authorization: REDACTED } } });
  });

  it('hides a remembered secret wherever it stands, also inside an error', () => {
    const out = capture();
    const redactor = createRedactor();
    redactor.remember('canary-4711');
    pinoLog({ stream: out.stream, redactor }).error('x', { error: new Error('refused canary-4711'), list: ['canary-4711'] });
    expect(out.lines.join('')).not.toContain('canary-4711');
    expect(out.last().error).toMatchObject({ name: 'Error', message: `refused ${REDACTED}` });
  });

  it('keeps every line valid JSON after hiding', () => {
    const out = capture();
    pinoLog({ stream: out.stream }).info('x', { url: 'https://h/?signature=deadbeef12&a="b"', pem: '-----BEGIN PRIVATE KEY-----\nMC4' });
    expect(() => out.last()).not.toThrow();
    expect(out.lines[0]).not.toContain('deadbeef12');
    expect(out.lines[0]).not.toContain('MC4');
  });
});
