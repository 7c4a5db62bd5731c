// What an event says: permissions are not addresses, and of a rotation each side is told its own.
import { expect, test } from "vitest";
import type { Event } from "../../ipc/generated/Event";
import { changesOf, happened } from "./events";

const event = (own: Partial<Event> & Pick<Event, "kind">): Event => ({
  id: "1",
  token_id: "t",
  at: "2026-11-20T10:00:00Z",
  actor: { kind: "server" },
  ...own,
});
const told = (kind: "widened" | "narrowed", from: string[], to: string[]) =>
  changesOf(event({ kind, from: { allowed_addresses: from }, to: { allowed_addresses: to } })).map((parts) =>
    parts.map(({ text }) => text).join(""),
  );

test.each([
  [[], ["10.2.0.0/16"], ["now accepted only from 10.2.0.0/16"]],
  [["10.2.0.0/16"], [], ["now accepted from anywhere"]],
  [
    ["10.1.0.0/16", "::1/128"],
    ["10.2.0.0/16", "::1/128"],
    ["now accepted from 10.2.0.0/16", "no longer accepted from 10.1.0.0/16"],
  ],
])("addresses from %j to %j", (from, to, sentences) => {
  expect(told("narrowed", from, to)).toEqual(sentences);
});

test("permissions are told as such, and no address is where none changed", () => {
  const [line, ...others] = changesOf(
    event({ kind: "narrowed", from: { permissions: ["a:read", "b:read"] }, to: { permissions: ["a:read"] } }),
  );
  expect(line?.map(({ text }) => text).join("")).toBe("removed b:read");
  expect(others).toEqual([]);
});

test("the server writes `rotated` on the new token and `replaced` on the old one", () => {
  expect(happened(event({ kind: "rotated" }))).toBe("Made by rotation, in place of another");
  expect(happened(event({ kind: "replaced" }))).toBe("Replaced: a new value takes its place");
});

test("what became of name, description and an undone rotation is told as such", () => {
  const changes = (to: Record<string, unknown>, kind: "widened" | "described") =>
    changesOf(event({ kind, to })).map((parts) => parts.map(({ text }) => text).join(""));
  expect(changes({ name: "poller-03" }, "described")).toEqual(["name: poller-03"]);
  expect(changes({ description: "for Berlin" }, "described")).toEqual(["description: for Berlin"]);
  expect(changes({ replaced_by: null, ends_at: null }, "widened")).toEqual(["its rotation was undone: it works on"]);
});
