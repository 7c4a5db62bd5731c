// Whether an address lies in a CIDR range, for IPv4 and IPv6. Only to foresee: the server decides at use.

/** The bits of an address: 32 or 128 of them; null where it is none. */
function bits(address: string): bigint | null {
  if (address.includes(":")) return bitsOf6(address);
  const octets = address.split(".");
  if (octets.length !== 4 || octets.some((octet) => !/^\d{1,3}$/.test(octet) || Number(octet) > 255)) return null;
  return octets.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
}

/** "::ffff:10.2.0.7": the last two groups may be written as IPv4. */
function withGroups(address: string): string {
  const [, head, tail] = /^(.*:)(\d[\d.]*\.\d+)$/.exec(address) ?? [];
  const last = tail === undefined ? null : bits(tail);
  return last === null ? address : `${head}${(last >> 16n).toString(16)}:${(last & 0xffffn).toString(16)}`;
}

function bitsOf6(address: string): bigint | null {
  const halves = withGroups(address).split("::");
  if (halves.length > 2) return null;
  const groups = (half: string | undefined) => (half ? half.split(":") : []);
  const [head, tail] = [groups(halves[0]), groups(halves[1])];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const all = [...head, ...Array<string>(missing).fill("0"), ...tail];
  if (all.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return null;
  return all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

/** The address of a range and how many of its bits count; null where it is no range. */
function rangeOf(text: string): { of: bigint; counting: number; width: number } | null {
  const [base = "", prefix, ...rest] = text.split("/");
  const of = bits(base);
  const width = base.includes(":") ? 128 : 32;
  if (of === null || rest.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return null;
  const counting = prefix === undefined ? width : Number(prefix);
  return counting <= width ? { of, counting, width } : null;
}

/** Whether something can be foreseen of it. What is no range is the server's to refuse. */
export const isRange = (text: string): boolean => rangeOf(text) !== null;

export function isWithin(address: string, range: string): boolean {
  const [is, known] = [bits(address), rangeOf(range)];
  if (is === null || known === null || address.includes(":") !== (known.width === 128)) return false;
  const free = BigInt(known.width - known.counting);
  return is >> free === known.of >> free;
}
