/** Lets the person prove the password again; resolves to whether they did. */
export type AskForStepUp = () => Promise<boolean>;

let ask: AskForStepUp = async () => false;
let running: Promise<boolean> | null = null;

/** The dialog registers itself here. Returns the way to take it back. */
export function onStepUpNeeded(next: AskForStepUp): () => void {
  ask = next;
  return () => {
    ask = async () => false;
  };
}

/** Asks once, however many requests need it at the same time. */
export function proveAgain(): Promise<boolean> {
  running ??= ask().finally(() => {
    running = null;
  });
  return running;
}
