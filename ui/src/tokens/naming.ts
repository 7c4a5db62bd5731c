// How a token is called: its name first, its masked value when it has none.
import type { Token } from "../ipc/generated/Token";
import type { Args, Key, Part } from "../words/words";
import { parts } from "../words/words";

/** `pnms_pat_a1b2c3d4…f9g0`. */
export function masked(token: Token): string {
  return `${token.prefix}…${token.suffix}`;
}

export function called(token: Token): string {
  return token.name ?? masked(token);
}

type Naming = Key &
  (
    | "once_title_rotated"
    | "delete_title"
    | "reported_title"
    | "end_old_title"
    | "pause_title"
    | "resume_title"
    | "rotate_title"
    | "edit_title"
    | "widen_title"
    | "narrow_title"
    | "change_title"
    | "lost_answer_body"
    | "unfinished_title"
    | "ended_title"
  );

/** A sentence that names the token: with its name in quotes, or with its masked value. */
export function naming(key: Naming, token: Token): Part[] {
  if (token.name !== null) return parts(key, { name: token.name } as Args<typeof key>[0]);
  const unnamed = `${key}_unnamed` as const;
  return parts(unnamed, { masked: masked(token) } as Args<typeof unnamed>[0]);
}

/** Permissions in the snapshot that the owner does not hold now. */
export function lostOf(token: Token): string[] {
  return token.permissions.filter((name) => !token.effective_permissions.includes(name));
}
