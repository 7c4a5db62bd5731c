// What was found of a value, in words: its form first, then what stands around it and would break a request.
import type { Finding } from "../../ipc/generated/Finding";
import type { FindingForm } from "../../ipc/generated/FindingForm";
import { say } from "../../words/words";

type Is = FindingForm["is"];
type Of<I extends Is> = Extract<FindingForm, { is: I }>;

const FORM: { [I in Is]: (form: Of<I>) => string } = {
  empty: () => say("found_empty"),
  too_much: () => say("found_too_much"),
  not_text: () => say("found_not_text"),
  not_a_token: () => say("found_not_a_token"),
  header_alone: () => say("found_header_alone"),
  placeholder: () => say("found_placeholder"),
  masked: () => say("found_masked"),
  token: () => say("found_token"),
  mistyped: () => say("found_mistyped"),
  broken: () => say("found_broken"),
  cut_off: ({ missing }) => say("found_cut_off", { count: missing }),
  too_long: ({ surplus }) => say("found_too_long", { count: surplus }),
  foreign_character: () => say("found_foreign_character"),
  several: ({ count }) => say("found_several", { count }),
};

export function formOf(form: FindingForm): string {
  // The record has a sentence for each form; the compiler cannot follow which goes with which.
  return (FORM[form.is] as (form: FindingForm) => string)(form);
}

/** Whether a service that sends it as it stands here is refused for that, although the token works. */
export type AsItStands = "fine" | "refused" | "perhaps_refused";

export function asItStands({ form, around }: Finding): AsItStands {
  const isHeader = around.header === "none" || around.header === "bearer";
  if (form.is !== "token" || !isHeader || around.invisible) return "refused";
  // Whether they are sent along is the program's business: a shell takes quotation marks away, a file keeps them.
  const isBare = !around.blanks && !around.line_breaks && !around.quotes && !around.other_text;
  return isBare ? "fine" : "perhaps_refused";
}

export function aroundOf({ around }: Finding): { isWrong: boolean; sentence: string }[] {
  const wrong = (holds: boolean, sentence: string) => (holds ? [{ isWrong: true, sentence }] : []);
  return [
    ...(around.header === "bearer" && !around.blanks && !around.quotes && !around.invisible
      ? [{ isWrong: false, sentence: say("around_bearer") }]
      : []),
    ...wrong(around.header === "bearer_twice", say("around_bearer_twice")),
    ...wrong(around.header === "bearer_joined", say("around_bearer_joined")),
    ...wrong(around.header === "bearer_apart", say("around_bearer_apart")),
    ...wrong(around.header === "malformed", say("around_malformed")),
    ...wrong(around.header === "without_scheme", say("around_without_scheme")),
    ...wrong(around.header === "other_scheme", say("around_other_scheme")),
    ...wrong(around.blanks, say("around_blanks")),
    ...wrong(around.line_breaks, say("around_line_breaks")),
    ...wrong(around.invisible, say("around_invisible")),
    ...wrong(around.quotes, say("around_quotes")),
    ...wrong(around.other_text, say("around_other_text")),
  ];
}
