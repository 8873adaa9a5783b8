/** A promise that the test settles, and one that nobody ever does: how a process looks that died. */
export interface Gate {
  readonly passed: Promise<void>;
  open(): void;
}

export function gate(): Gate {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

export const never = new Promise<never>(() => undefined);
