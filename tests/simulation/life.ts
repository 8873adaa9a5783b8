/** One life of a process. Once it has died nothing of it goes on: its timers do not fire, what it waits for never comes. */
export class Life {
  isAlive = true;
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }

  /** A process that the machine has stopped: until then nothing of it goes on, then everything does at once. */
  frozenUntilMs = 0;

  isAwakeAt(nowMs: number): boolean {
    return this.isAlive && nowMs >= this.frozenUntilMs;
  }

  die(): void {
    this.isAlive = false;
  }
}

/** What a dead process waits for; one for each who waits, for it keeps everyone who waits for it. */
export const never = (): Promise<never> => new Promise(() => undefined);
