/** The value of a JSON text; null for what is none, as the greeting of a connection. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
