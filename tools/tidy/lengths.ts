import ts from 'typescript';
import { isCode, isTest, type SourceFile } from './source-files.ts';

export const FILE_LINES_MAX = 500;
export const FILE_LINES_MEDIAN_MAX = 110;
export const FUNCTION_LINES_MAX = 70;

/** Files that are too long, a median that is too high, and functions that do more than a reader can hold. */
export function findLongTexts(files: readonly SourceFile[]): readonly string[] {
  const code = files.filter((file) => isCode(file.path));
  const problems = code.flatMap((file) => {
    const lines = lineCount(file.text);
    return lines > FILE_LINES_MAX ? [`${file.path}: ${lines} lines, at most ${FILE_LINES_MAX}.`] : [];
  });
  const median = medianOf(code.filter((file) => !isTest(file.path)).map((file) => lineCount(file.text)));
  if (median > FILE_LINES_MEDIAN_MAX) problems.push(`The median source file has ${median} lines, at most ${FILE_LINES_MEDIAN_MAX}.`);
  // A test's callback is a list of statements, not a function that someone calls.
  for (const file of code.filter((candidate) => !isTest(candidate.path))) problems.push(...findLongFunctions(file));
  return problems;
}

function findLongFunctions(file: SourceFile): readonly string[] {
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2023, true, scriptKind(file.path));
  const problems: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
      const lines = source.getLineAndCharacterOfPosition(node.getEnd()).line - first + 1;
      if (lines > FUNCTION_LINES_MAX) {
        problems.push(`${file.path}:${first + 1}: a function of ${lines} lines, at most ${FUNCTION_LINES_MAX}.`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return problems;
}

function scriptKind(path: string): ts.ScriptKind {
  if (path.endsWith('.tsx')) return ts.ScriptKind.TSX;
  return /\.m?ts$/.test(path) ? ts.ScriptKind.TS : ts.ScriptKind.JS;
}

function lineCount(text: string): number {
  const lines = text.split('\n').length;
  return text.endsWith('\n') ? lines - 1 : lines;
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
