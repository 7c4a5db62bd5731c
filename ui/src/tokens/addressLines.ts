// Addresses as a person types them, one or more a line, and as they are sent.

export function fromLines(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}

export const toLines = (addresses: readonly string[]): string => addresses.join("\n");

/** Whether a list keeps out what another let in: an empty one lets in everything. */
export function isNarrower(after: readonly string[], before: readonly string[]): boolean {
  return after.length > 0 && (before.length === 0 || before.some((one) => !after.includes(one)));
}

/** Whether a list lets in what another did not: an empty one lets in everything. */
export function isWider(after: readonly string[], before: readonly string[]): boolean {
  if (before.length === 0) return false;
  return after.length === 0 || after.some((one) => !before.includes(one));
}
