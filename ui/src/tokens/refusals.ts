// What the server says of the fields of a token, when it refuses one.
import { failureIn } from "../ipc/failures";
import { shortDay } from "../words/instants";
import { say } from "../words/words";

/** The fields that a server can name, in the order in which they stand. */
const FIELDS = ["name", "description", "permissions", "expires_at", "allowed_addresses"] as const;
export type FieldName = (typeof FIELDS)[number];

const REFUSED: Record<FieldName, (latest: number) => string> = {
  name: () => say("name_refused"),
  description: () => say("description_refused"),
  permissions: () => say("permissions_refused"),
  expires_at: (latest) => say("expiry_refused", { latest: shortDay(latest) }),
  allowed_addresses: () => say("addresses_refused"),
};

/** What is wrong with a field, when the refusal is about it. `latest`: the latest expiry that can be chosen, in ms since 1970. */
export function refusalOf(rejected: unknown, field: FieldName, latest: number): string | null {
  const failure = failureIn(rejected);
  return failure?.kind === "invalid" && failure.field === field ? REFUSED[field](latest) : null;
}

/** The first field that something is wrong with. */
export function firstWrong(errorAt: (field: FieldName) => string | null): FieldName | null {
  return FIELDS.find((field) => errorAt(field) !== null) ?? null;
}
