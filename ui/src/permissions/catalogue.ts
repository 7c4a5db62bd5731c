// The catalogue as the page asks of it: which groups, which risk, which split. What there is comes from the server.
import type { Catalogue } from "../ipc/generated/Catalogue";
import type { Permission } from "../ipc/generated/Permission";
import type { Risk } from "../ipc/generated/Risk";
import { say, sayJoined } from "../words/words";

/** The most harmful first. */
const RISKS: readonly Risk[] = ["admin", "sensitive_read", "write", "read"];

export interface Group {
  name: string;
  permissions: Permission[];
}

const RISK_WORD: Record<Risk, () => string> = {
  read: () => say("risk_read"),
  sensitive_read: () => say("risk_sensitive_read"),
  write: () => say("risk_write"),
  admin: () => say("risk_admin"),
};
const RISK_COUNT: Record<Risk, (count: number) => string> = {
  read: (count) => say("risk_read_count", { count }),
  sensitive_read: (count) => say("risk_sensitive_read_count", { count }),
  write: (count) => say("risk_write_count", { count }),
  admin: (count) => say("risk_admin_count", { count }),
};

export function riskWord(risk: Risk): string {
  return RISK_WORD[risk]();
}

/** Permissions under their headings, in the catalogue's order. */
export function grouped(permissions: readonly Permission[]): Group[] {
  const groups = new Map<string, Permission[]>();
  for (const permission of permissions) {
    groups.set(permission.group, [...(groups.get(permission.group) ?? []), permission]);
  }
  return [...groups].map(([name, inGroup]) => ({ name, permissions: inGroup }));
}

/** Those of the catalogue that are named, in its order. */
export function pick(catalogue: Catalogue, names: Iterable<string>): Permission[] {
  const wanted = new Set(names);
  return catalogue.permissions.filter((one) => wanted.has(one.name));
}

/** Those that the catalogue does not know (any more). */
export function unlisted(catalogue: Catalogue, names: readonly string[]): string[] {
  const known = new Set(catalogue.permissions.map((one) => one.name));
  return names.filter((name) => !known.has(name));
}

/** What a person can put into a token now. */
export function offered(catalogue: Catalogue, held: readonly string[]): Permission[] {
  return pick(catalogue, held).filter((one) => one.grantable);
}

/** "2 write · 2 read"; empty for none. */
export function splitByRisk(permissions: readonly Permission[]): string {
  const counts = RISKS.map((risk) => ({ risk, count: permissions.filter((one) => one.risk === risk).length }));
  return sayJoined(counts.filter(({ count }) => count > 0).map(({ risk, count }) => RISK_COUNT[risk](count)));
}
