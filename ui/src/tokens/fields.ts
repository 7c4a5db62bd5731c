// Where the focus goes when the server refuses a field.

/** Focuses the control of a field, or its first one. */
export function focusField(within: HTMLElement, name: string | null): void {
  if (name === null) return;
  const place = within.querySelector<HTMLElement>(`[data-field="${name}"]`);
  const control = place?.matches("input, textarea") ? place : place?.querySelector<HTMLElement>("input, button");
  control?.focus();
}
