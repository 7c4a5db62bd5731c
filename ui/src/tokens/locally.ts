// The list without the NMS: what is here searched, filtered and put in order by the page, while nothing answers. It goes
// by the contract of `GET /tokens`, as far as a token itself tells.
// Not here: when that is done (tokens.svelte.ts).
import type { Sort } from "../ipc/generated/Sort";
import type { Token } from "../ipc/generated/Token";
import type { TokenQuery } from "../ipc/generated/TokenQuery";
import { filterOf, type FilterId } from "./filters";
import { lostOf, masked } from "./naming";

const DAY_MS = 86_400_000;
const fold = (text: string) => text.normalize("NFKC").toLowerCase();

/** Filters that only the NMS can judge: which risk a permission has is not in the token. */
export function waiting(filters: readonly FilterId[]): FilterId[] {
  return filters.filter((id) => filterOf(id)?.query.risk !== undefined);
}

export const idsOf = (tokens: readonly Token[]): ReadonlySet<string> => new Set(tokens.map((one) => one.id));

/** All of both, each once and as the newer list has it. */
export function merged(older: readonly Token[], newer: readonly Token[]): Token[] {
  return [...new Map([...older, ...newer].map((one) => [one.id, one])).values()];
}

/** `at`: when the tokens were read. What lapses soon is told by then. */
export function locally(tokens: readonly Token[], query: TokenQuery, at: number): Token[] {
  const words = fold(query.q ?? "")
    .split(/\s+/)
    .filter(Boolean);
  return tokens
    .filter((one) => fits(one, query, at) && hasWords(one, words))
    .sort(comparison(query.sort ?? "-created_at"));
}

function hasWords(token: Token, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const { name, description, permissions, allowed_addresses, last_used_from } = token;
  const texts = [name, description, masked(token), ...permissions, ...allowed_addresses, last_used_from];
  const text = fold(texts.filter((one) => one !== null).join("\n"));
  return words.every((word) => text.includes(word));
}

function fits(token: Token, query: TokenQuery, at: number): boolean {
  const { state, expires_within_days: soon, unused_days: unused, never_used, lost, lifetime_over_days: long } = query;
  const [made, expires] = [Date.parse(token.created_at), Date.parse(token.expires_at)];
  const isBefore = (instant: number, days: number) => instant <= at - days * DAY_MS;
  const used = Date.parse(token.last_used_at ?? token.created_at);
  return (
    (state === undefined || token.state === state) &&
    (soon === undefined || (token.state === "active" && token.replaced_by === null && expires <= at + soon * DAY_MS)) &&
    (unused === undefined || (isBefore(made, unused) && isBefore(used, unused))) &&
    (never_used === undefined || (token.last_used_at === null) === never_used) &&
    (lost === undefined || lostOf(token).length > 0 === lost) &&
    (long === undefined || expires - made > long * DAY_MS)
  );
}

type Column = Sort extends infer S ? (S extends `-${string}` ? never : S) : never;
const KEYS: Record<Column, (token: Token) => string | number | null> = {
  name: ({ name }) => (name === null ? null : fold(name)),
  created_at: ({ created_at }) => Date.parse(created_at),
  expires_at: ({ expires_at }) => Date.parse(expires_at),
  last_used_at: ({ last_used_at }) => (last_used_at === null ? null : Date.parse(last_used_at)),
  use_count: ({ use_count }) => use_count,
  permission_count: ({ permissions }) => permissions.length,
};

/** What has no value comes last in either direction, and ids break ties. */
function comparison(sort: Sort): (one: Token, other: Token) => number {
  const direction = sort.startsWith("-") ? -1 : 1;
  const key = KEYS[sort.replace("-", "") as Column];
  return (one, other) => {
    const [a, b] = [key(one), key(other)];
    if (a === b) return direction * (one.id < other.id ? -1 : 1);
    if (a === null || b === null) return a === null ? 1 : -1;
    return direction * (a < b ? -1 : 1);
  };
}
