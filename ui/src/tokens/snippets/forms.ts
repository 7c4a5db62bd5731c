// What the texts that put a token to use are for, and how each comes to the token, in words.
import type { Snippet } from "../../ipc/generated/Snippet";
import type { SnippetForm } from "../../ipc/generated/SnippetForm";
import type { SnippetToken } from "../../ipc/generated/SnippetToken";
import { parts, say, type Part } from "../../words/words";

const NAMES: Record<SnippetForm, () => string> = {
  curl: () => say("snippet_curl"),
  python: () => say("snippet_python"),
  environment: () => say("snippet_environment"),
  prometheus: () => say("snippet_prometheus"),
  collector: () => say("snippet_collector"),
  telegraf: () => say("snippet_telegraf"),
  kubernetes: () => say("snippet_kubernetes"),
};

export const formName = (form: SnippetForm): string => NAMES[form]();

/** The file can still be written, or the value be filled in: the token is at hand. */
type Moment = "at_hand" | "later";
const COMES: Record<SnippetToken, Record<Moment, (placeholder: string) => Part[]>> = {
  file: { at_hand: () => parts("snippet_file"), later: () => parts("snippet_file") },
  asked: { at_hand: () => parts("snippet_asks"), later: () => parts("snippet_asks") },
  no_file: {
    at_hand: (placeholder) => parts("snippet_no_file_yet", { placeholder }),
    later: (placeholder) => parts("snippet_no_file", { placeholder }),
  },
  carried: {
    at_hand: (placeholder) => parts("snippet_filled_in", { placeholder }),
    later: (placeholder) => parts("snippet_carries", { placeholder }),
  },
};

export function howItComes({ token, placeholder }: Snippet, isAtHand: boolean): Part[] {
  return COMES[token][isAtHand ? "at_hand" : "later"](placeholder ?? "");
}
