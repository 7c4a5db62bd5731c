// Which tokens can be rotated, and why the others cannot.
import type { Token } from "../ipc/generated/Token";
import { relativeInstant } from "../words/instants";
import { say } from "../words/words";

/** An expired token is created anew, and of two new values nobody would know which counts. */
export const canRotate = ({ state, replaced_by }: Token): boolean =>
  (state === "active" || state === "paused") && replaced_by === null;

/** Null: it can be. */
export function whyNotRotated(token: Token, now: number): string | null {
  if (canRotate(token)) return null;
  if (token.replaced_by === null) return say("rotate_not_expired");
  if (token.ends_at === null) return say("rotate_not_again");
  return say("rotate_not_again_ends", { when: relativeInstant(token.ends_at, now) });
}
