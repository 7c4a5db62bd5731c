// Whoever hears the NMS again tells the other: the session and the list are read apart, and one of them may have failed
// while the other was not asked for.
import { untrack } from "svelte";
import type { Tokens } from "../tokens/tokens.svelte";
import type { Session } from "./session.svelte";

/** To be called while a component is being made. Each follows only what the other was answered: neither asks twice. */
export function recoverTogether(session: Session, tokens: Tokens): void {
  $effect(() => {
    const { life } = tokens;
    if (life.step !== "ready" || life.trouble !== null) return;
    untrack(() => session.life.step === "failed" && void session.load());
  });
  $effect(() => {
    if (session.life.step !== "ready") return;
    untrack(() => tokens.trouble !== null && void tokens.retry());
  });
}
