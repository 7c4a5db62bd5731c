// The filters of the list: what each asks of the server and how many tokens it would leave. They combine, risks too; of
// two that cannot hold together the later takes the place of the earlier.
import type { TokenCounts } from "../ipc/generated/TokenCounts";
import type { TokenQuery } from "../ipc/generated/TokenQuery";
import { say } from "../words/words";

export type FilterId =
  | "active"
  | "paused"
  | "expired"
  | "expiring"
  | "never_used"
  | "unused"
  | "writes"
  | "admin"
  | "sensitive"
  | "lost"
  | "long_lived";

export interface Filter {
  id: FilterId;
  group: "state" | "use" | "power";
  label: () => string;
  query: TokenQuery;
}

/** What the server counts by, so that a filter finds as many as its number says. */
export const SOON_DAYS = 14;
const UNUSED_DAYS = 30;
const LONG_DAYS = 180;

export const FILTERS: readonly Filter[] = [
  { id: "active", group: "state", label: () => say("show_active"), query: { state: "active" } },
  { id: "paused", group: "state", label: () => say("show_paused"), query: { state: "paused" } },
  { id: "expired", group: "state", label: () => say("show_expired"), query: { state: "expired" } },
  { id: "expiring", group: "state", label: () => say("show_expiring"), query: { expires_within_days: SOON_DAYS } },
  { id: "never_used", group: "use", label: () => say("show_never_used"), query: { never_used: true } },
  { id: "unused", group: "use", label: () => say("show_unused"), query: { unused_days: UNUSED_DAYS } },
  { id: "writes", group: "power", label: () => say("show_writes"), query: { risk: "write" } },
  { id: "admin", group: "power", label: () => say("show_admin"), query: { risk: "admin" } },
  { id: "sensitive", group: "power", label: () => say("show_sensitive"), query: { risk: "sensitive_read" } },
  { id: "lost", group: "power", label: () => say("show_lost"), query: { lost: true } },
  { id: "long_lived", group: "power", label: () => say("show_long_lived"), query: { lifetime_over_days: LONG_DAYS } },
];

export function filterOf(id: FilterId): Filter | undefined {
  return FILTERS.find((one) => one.id === id);
}

export const countOf = (counts: TokenCounts, id: FilterId): number => counts[id];

const member = (id: FilterId) => Object.keys(filterOf(id)?.query ?? {})[0];

/** What expires soon works still. */
const NEVER_BOTH: readonly ReadonlySet<FilterId>[] = [
  new Set(["expiring", "paused"]),
  new Set(["expiring", "expired"]),
];

/** On when it was off, off when it was on; what cannot hold beside it goes. */
export function toggled(on: readonly FilterId[], id: FilterId): FilterId[] {
  if (on.includes(id)) return on.filter((other) => other !== id);
  const excludes = (other: FilterId) =>
    (member(other) !== "risk" && member(other) === member(id)) ||
    NEVER_BOTH.some((pair) => pair.has(other) && pair.has(id));
  return [...on.filter((other) => !excludes(other)), id];
}

/** The query in which all of them must hold. */
export function queryOf(on: readonly FilterId[]): TokenQuery {
  const queries = on.flatMap((id) => filterOf(id)?.query ?? []);
  const risk = queries.flatMap((one) => one.risk ?? []).join(",");
  return Object.assign({}, ...queries, risk && { risk }) as TokenQuery;
}

/** Those of a remembered list that this version knows and that can hold together. */
export function knownFilters(ids: readonly string[]): FilterId[] {
  const known = FILTERS.filter((one) => ids.includes(one.id)).map((one) => one.id);
  return known.reduce<FilterId[]>(toggled, []);
}
