import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const PATH = /`((?:packages|apps|tests|tools)\/[\w./-]+)`/g;

/** A file with names that a document quotes from it. */
export interface Quoted {
  readonly path: string;
  readonly names: readonly string[];
}

/** From every line that `isQuoting`: the path in backquotes, and the “names” behind it. */
export function quotedIn(document: string, isQuoting: (line: string) => boolean): readonly Quoted[] {
  const lines = document.split('\n').filter(isQuoting);
  return lines.map((line) => ({
    path: /`([^`]+)`/.exec(line)?.[1] ?? '',
    names: [...line.matchAll(/“([^”]+)”/g)].map((match) => match[1] ?? ''),
  }));
}

/** Names that do not stand in their file. */
export function missingNames({ path, names }: Quoted): readonly string[] {
  const text = readFileSync(join(root, path), 'utf8');
  return names.filter((name) => !text.includes(name));
}

/** Paths in backquotes of which there is no file or folder. */
export function missingPaths(document: string): readonly string[] {
  return [...document.matchAll(PATH)].map((match) => match[1] ?? '').filter((path) => !existsSync(join(root, path)));
}

export const readDocument = (path: string): string => readFileSync(join(root, path), 'utf8');
