// The likely cause out of what the NMS recorded: one table, one row for each cause and for each way to be wrong about it.
import { describe, expect, test } from "vitest";
import { anEvent, refusedCalls } from "../../fixtures/stopped";
import { aToken } from "../../fixtures/tokens";
import type { Event } from "../../ipc/generated/Event";
import type { Token } from "../../ipc/generated/Token";
import type { UseRecord } from "../../ipc/generated/UseRecord";
import { findingOf, type Finding, type Known } from "./causes";

const NOW = Date.parse("2026-11-23T10:00:00Z");
const HELD = ["alerts:read", "devices:read", "devices:write", "metrics:read"];

interface Case {
  token?: Partial<Token>;
  events?: (token: Token) => Event[];
  known?: Partial<Known>;
}

function find({ token: own = {}, events = () => [], known = {} }: Case): Finding {
  const token = aToken(NOW, { permissions: ["devices:read"], ...own });
  const rest = { trouble: "stopped", uses: [], held: HELD, from: null, successor: null } as const;
  return findingOf({ token, events: events(token), ...rest, ...known });
}

const refused =
  (reason: string, own: Partial<Event> = {}, ago = 5) =>
  (token: Token) => {
    return refusedCalls(token, NOW, ago, { reason, ...own });
  };
const happened =
  (kind: Event["kind"], own: Partial<Event> = {}, ago = 60) =>
  (token: Token) => {
    return anEvent(token, NOW, ago, { kind, ...own });
  };
const all =
  (...makers: ((token: Token) => Event)[]) =>
  (token: Token) =>
    makers.map((make) => make(token));
const kinds = ({ evidence }: Finding) => evidence.map(({ kind }) => kind);

const took = { from: { permissions: ["devices:read", "devices:write"] }, to: { permissions: ["devices:read"] } };
const needsWrite = { permission: "devices:write" };
const needsRead = { permission: "devices:read" };
const successor = aToken(NOW, { name: "young" });
const lostRead = { effective_permissions: [] };

const cases: [string, Case, Pick<Finding, "cause" | "mend"> & { kinds: Event["kind"][] }][] = [
  [
    "deleted, and used since",
    { events: all(refused("deleted"), happened("deleted"), happened("created")) },
    { cause: "deleted", mend: { act: "create" }, kinds: ["refused", "deleted"] },
  ],
  [
    "deleted after it had expired: the deletion is what counts",
    { token: { state: "expired" }, events: all(happened("deleted"), happened("expired")) },
    { cause: "deleted", mend: { act: "create" }, kinds: ["deleted"] },
  ],
  [
    "rotated, and the old value used since: its successor has the value",
    { events: all(refused("deleted"), happened("deleted", { reason: "replaced" })), known: { successor } },
    { cause: "replaced", mend: { act: "details", token: successor }, kinds: ["refused", "deleted"] },
  ],
  [
    "rotated, and the old value ended by hand: the last record alone names the successor",
    { token: { replaced_by: successor.id }, events: all(happened("deleted")), known: { successor } },
    { cause: "replaced", mend: { act: "details", token: successor }, kinds: ["deleted"] },
  ],
  [
    "rotated, and the value of the successor lost: it is rotated, which cuts nobody off",
    {
      token: { replaced_by: successor.id },
      events: all(happened("deleted")),
      known: { trouble: "lost", successor },
    },
    { cause: "replaced", mend: { act: "rotate", token: successor }, kinds: ["deleted"] },
  ],
  [
    "rotated, and its successor is gone as well",
    { events: all(happened("deleted", { reason: "replaced" })) },
    { cause: "replaced", mend: { act: "create" }, kinds: ["deleted"] },
  ],
  [
    "ended by an administrator",
    { events: all(happened("revoked")) },
    { cause: "deleted", mend: { act: "create" }, kinds: ["revoked"] },
  ],
  [
    "expired, after an edit that shortened its life",
    {
      token: { state: "expired" },
      events: all(refused("expired"), happened("expired"), happened("narrowed", { to: { expires_at: "2026-11-23" } })),
    },
    { cause: "expired", mend: { act: "extend" }, kinds: ["refused", "expired", "narrowed"] },
  ],
  [
    "expired and paused: a later expiry alone does not help",
    {
      token: { state: "expired" },
      events: all(happened("expired"), happened("paused", {}, 90), happened("resumed", {}, 95), happened("paused")),
    },
    { cause: "expired_paused", mend: { act: "extend" }, kinds: ["expired", "paused"] },
  ],
  [
    "expired, and paused before, but resumed",
    {
      token: { state: "expired" },
      events: all(happened("expired"), happened("resumed", {}, 90), happened("paused", {}, 95)),
    },
    { cause: "expired", mend: { act: "extend" }, kinds: ["expired"] },
  ],
  [
    "paused",
    { token: { state: "paused" }, events: all(refused("paused"), happened("paused"), happened("paused", {}, 900)) },
    { cause: "paused", mend: { act: "resume" }, kinds: ["paused", "refused"] },
  ],
  [
    "an edit took what it needs",
    { events: all(refused("permission-missing", needsWrite), happened("narrowed", took)) },
    { cause: "narrowed", mend: { act: "permissions", add: ["devices:write"] }, kinds: ["refused", "narrowed"] },
  ],
  [
    "what it needs was never in it",
    { events: all(refused("permission-missing", needsWrite), happened("created")) },
    { cause: "missing", mend: { act: "permissions", add: ["devices:write"] }, kinds: ["refused"] },
  ],
  [
    "what it needs was never in it, and its owner cannot give it",
    { events: all(refused("permission-missing", { permission: "users:write" })) },
    { cause: "missing", mend: { act: "grant", permissions: ["users:write"] }, kinds: ["refused"] },
  ],
  [
    "its owner lost what it needs",
    { token: lostRead, events: all(refused("permission-lost", needsRead)) },
    { cause: "lost", mend: { act: "grant", permissions: ["devices:read"] }, kinds: ["refused"] },
  ],
  [
    "its owner lost what it used, and it was not used since",
    {
      token: { ...lostRead, used_permissions: [{ permission: "devices:read", last_used_at: "2026-11-20T10:00:00Z" }] },
    },
    { cause: "lost", mend: { act: "grant", permissions: ["devices:read"] }, kinds: [] },
  ],
  [
    "an edit took what it used, and it was not used since",
    {
      token: { used_permissions: [{ permission: "devices:write", last_used_at: "2026-11-20T10:00:00Z" }] },
      events: all(happened("narrowed", took)),
    },
    { cause: "narrowed", mend: { act: "permissions", add: ["devices:write"] }, kinds: ["narrowed"] },
  ],
  [
    "its address is not in the list: the last one is offered, and no stranger's",
    {
      token: { allowed_addresses: ["10.3.0.0/16"] },
      events: all(
        refused("address-not-allowed"),
        refused("address-not-allowed", { address: "198.51.100.9" }, 50),
        happened("narrowed", { from: { allowed_addresses: [] }, to: { allowed_addresses: ["10.3.0.0/16"] } }, 70),
      ),
    },
    { cause: "address", mend: { act: "addresses", add: ["10.2.0.7"] }, kinds: ["refused", "refused", "narrowed"] },
  ],
  [
    "only a person may do it",
    { events: all(refused("session-required")) },
    { cause: "session", mend: { act: "nothing" }, kinds: ["refused"] },
  ],
  [
    "a reason of a later server",
    { events: all(refused("moon-phase")) },
    { cause: "other", mend: { act: "nothing" }, kinds: ["refused"] },
  ],
  [
    "never used and never refused",
    { token: { use_count: 0, last_used_at: null } },
    { cause: "silent", mend: { act: "test" }, kinds: [] },
  ],
  [
    "nothing is wrong with it",
    { events: all(happened("first_used")) },
    { cause: "works", mend: { act: "test" }, kinds: ["first_used"] },
  ],
  [
    "its value was lost",
    { events: all(happened("created")), known: { trouble: "lost" } },
    {
      cause: "value_lost",
      mend: { act: "replace", token: expect.objectContaining({ name: "poller-03" }) },
      kinds: ["created"],
    },
  ],
];

test.each(cases)("%s", (_, of, expected) => {
  const found = find(of);
  expect({ cause: found.cause, mend: found.mend, kinds: kinds(found) }).toEqual(expected);
});

describe("what was mended since is no cause", () => {
  test.each<[string, Case]>([
    ["resumed", { events: all(refused("paused")) }],
    ["given a later expiry", { events: all(refused("expired")) }],
    ["granted", { events: all(refused("permission-missing", needsRead)) }],
    ["held again", { events: all(refused("permission-lost", needsRead)) }],
    ["let in", { token: { allowed_addresses: ["10.2.0.0/16"] }, events: all(refused("address-not-allowed")) }],
    ["let in from anywhere", { events: all(refused("address-not-allowed")) }],
  ])("%s", (_, of) => {
    expect(find(of).cause).toBe("works");
  });
});

describe("of several causes", () => {
  const both = all(
    refused("permission-missing", { ...needsWrite, address: "10.9.9.9" }, 1),
    refused("address-not-allowed", {}, 5),
  );
  const token = { allowed_addresses: ["10.3.0.0/16"] };

  test("the last is the likely one, and the other is told beside it", () => {
    const found = find({ token, events: both });
    expect([found.cause, found.others.map(({ reason }) => reason)]).toEqual(["missing", ["address-not-allowed"]]);
  });

  test("only those of the service's own address count, where that is known", () => {
    const found = find({ token, events: both, known: { from: "10.2.0.7" } });
    expect([found.cause, found.names, found.others]).toEqual(["address", ["10.2.0.7"], []]);
  });

  test("an address that was never refused leaves all of them", () => {
    expect(find({ token, events: both, known: { from: "10.7.7.7" } }).cause).toBe("missing");
  });
});

describe("a call that was refused once, and the same caller accepted since", () => {
  const at = (ago: number) => new Date(NOW - ago * 60_000).toISOString();
  const accepted = (ago: number, own: Partial<UseRecord> = {}): UseRecord => {
    const by = { address: "10.2.0.7", agent: "Prometheus/2.53.1" };
    return { day: at(ago).slice(0, 10), ...by, permission: "devices:read", count: 40, last_at: at(ago), ...own };
  };
  const stray = refused("permission-missing", { ...needsWrite, count: 1, first_at: at(30) }, 30);
  const after = (events: Case["events"], uses: UseRecord[], token: Partial<Token> = {}) =>
    find({ token, ...(events ? { events } : {}), known: { uses } });

  test("is told, and is not the cause", () => {
    const found = after(all(stray, happened("first_used", {}, 900)), [accepted(1)]);
    expect([found.cause, kinds(found), found.past.map(({ kind }) => kind)]).toEqual([
      "works",
      ["first_used"],
      ["refused"],
    ]);
  });

  test.each<[string, Case["events"], UseRecord[], Partial<Token>]>([
    ["nobody was accepted since", all(stray), [accepted(31)], {}],
    ["another address was", all(stray), [accepted(1, { address: "10.2.0.8" })], {}],
    ["another program was", all(stray), [accepted(1, { agent: "curl/8.9" })], {}],
    ["it is refused every five minutes", all(refused("permission-missing", needsWrite)), [accepted(1)], {}],
    ["an edit took it", all(stray, happened("narrowed", took, 60)), [accepted(1)], {}],
    [
      "it could do it once",
      all(stray),
      [accepted(1)],
      { used_permissions: [{ permission: "devices:write", last_used_at: at(90) }] },
    ],
  ])("is the cause where %s", (_, events, uses, token) => {
    const found = after(events, uses, token);
    expect([["missing", "narrowed"].includes(found.cause), found.past]).toEqual([true, []]);
  });

  test.each<[string, Case["events"], Event["kind"][]]>([
    [
      "was paused, and is resumed",
      all(happened("resumed", {}, 1), refused("paused"), happened("paused")),
      ["resumed", "refused"],
    ],
    [
      "had expired, and was put off",
      all(
        happened("widened", { to: { expires_at: "2027-01-01T00:00:00Z" } }, 1),
        refused("expired"),
        happened("expired"),
      ),
      ["widened", "refused"],
    ],
    ["lost what it holds again", all(refused("permission-lost", needsRead), happened("widened")), ["refused"]],
    ["was accepted from elsewhere only", all(refused("address-not-allowed")), ["refused"]],
  ])("are told of a token that %s, with what mended it and whether a call was accepted since", (_, events, mended) => {
    for (const ago of [0, 9]) {
      const found = after(events, [], { last_used_at: at(ago) });
      expect([found.cause, found.past, found.mended.map(({ kind }) => kind)]).toEqual(["works", [], mended]);
      expect(found.isUntried).toBe(ago === 9);
    }
    expect(after(events, [], { last_used_at: null }).isUntried).toBe(true);
  });

  test("are untried where the last accepted call came before what mended them", () => {
    const events = all(happened("resumed", {}, 1), refused("paused"), happened("paused"));
    expect(after(events, [], { last_used_at: at(3) }).isUntried).toBe(true);
  });

  test("is the cause where its address is refused still", () => {
    const calls = all(refused("address-not-allowed", { count: 1, first_at: at(30) }, 30));
    expect(after(calls, [accepted(1)], { allowed_addresses: ["10.3.0.0/16"] }).cause).toBe("address");
  });
});
