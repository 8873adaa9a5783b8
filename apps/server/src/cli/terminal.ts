/** Where human lines go. With JSON logs on stdout they go to stderr, so that a log collector reads logs only. */
export interface Terminal {
  say(line: string): void;
  fail(line: string): void;
}

export function openTerminal(options: { readonly jsonLogs: boolean }): Terminal {
  const stream = options.jsonLogs ? process.stderr : process.stdout;
  return {
    say: (line) => {
      stream.write(`${line}\n`);
    },
    fail: (line) => {
      process.stderr.write(`${line}\n`);
    },
  };
}
