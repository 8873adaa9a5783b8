/** Why a template was refused; `line` and `column` are 1-based when known. */
export interface TemplateProblem {
  readonly code: 'syntax' | 'unknown_variable' | 'unknown_filter' | 'limit' | 'stray_brace';
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
}

export type RenderOutcome =
  | { readonly kind: 'rendered'; readonly text: string }
  | { readonly kind: 'refused'; readonly problems: readonly TemplateProblem[] };

/** Turns an untrusted template and plain data into text, within hard limits of time and size. */
export interface PromptRenderer {
  /** Names of all problems without rendering; empty = acceptable. `{name}` of a known variable is accepted as `{{name}}`. */
  validate(template: string, variableNames: readonly string[]): Promise<readonly TemplateProblem[]>;
  render(template: string, variables: Readonly<Record<string, string>>): Promise<RenderOutcome>;
}
