// Whether an address lies in a CIDR range, for IPv4 and IPv6. Only to foresee: the server decides at use.

/** The bits of an address: 32 or 128 of them; null where it is none. */
function bits(address: string): bigint | null {
  if (address.includes(":")) return bitsOf6(address);
  const octets = address.split(".");
  if (octets.length !== 4 || octets.some((octet) => !/^\d{1,3}$/.test(octet) || Number(octet) > 255)) return null;
  return octets.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
}

function bitsOf6(address: string): bigint | null {
  const halves = address.split("::");
  if (halves.length > 2) return null;
  const groups = (half: string | undefined) => (half ? half.split(":") : []);
  const [head, tail] = [groups(halves[0]), groups(halves[1])];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const all = [...head, ...Array<string>(missing).fill("0"), ...tail];
  if (all.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return null;
  return all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

export function isWithin(address: string, range: string): boolean {
  const [base = "", prefix] = range.split("/");
  const [is, of] = [bits(address), bits(base)];
  if (is === null || of === null || address.includes(":") !== base.includes(":")) return false;
  const width = address.includes(":") ? 128 : 32;
  const free = BigInt(width - (prefix === undefined ? width : Number(prefix)));
  return is >> free === of >> free;
}
