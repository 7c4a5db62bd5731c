// How sentences are said: what is filled in, what is counted, and whose direction a stretch has.
import { afterEach, describe, expect, test, vi } from "vitest";
import { speaker } from "./speech.svelte";
import { foreign, joined, listed, parts, say, sayJoined } from "./words";

afterEach(() => speaker.choose("en"));

test("what was filled in is told apart from what is ours", () => {
  expect(parts("delete_title", { name: "a{when}b" })).toEqual([
    { text: "Delete “", isForeign: false },
    { text: "a{when}b", isForeign: true },
    { text: "”?", isForeign: false },
  ]);
  expect(say("permission_count", { count: 1 })).toBe("1 permission");
  expect(say("permission_count", { count: 0 })).toBe("0 permissions");
});

test("what is not in the catalogue, or lacks what it needs, does not compile", () => {
  // @ts-expect-error: no such sentence
  expect(() => say("delete_titel", { name: "a" })).toThrow();
  // @ts-expect-error: the name is missing
  expect(say("delete_title")).toBe("Delete “{name}”?");
  // @ts-expect-error: another name is filled in
  expect(say("delete_title", { title: "a" })).toBe("Delete “{name}”?");
  // @ts-expect-error: what is counted is a number
  expect(say("permission_count", { count: "1" })).toBe("1 permission");
  // @ts-expect-error: nothing is filled in
  expect(say("close", { name: "a" })).toBe("Close");
});

test("a list is said as one, and only its members are foreign", () => {
  expect(say("f_permission_unknown", { permissions: ["devices:read", "alerts:read"] })).toBe(
    "The NMS does not know devices:read and alerts:read.",
  );
  expect(listed(["a", "b", "c"])).toEqual([
    { text: "a", isForeign: true },
    { text: ", ", isForeign: false },
    { text: "b", isForeign: true },
    { text: " and ", isForeign: false },
    { text: "c", isForeign: true },
  ]);
});

test("what stands side by side in a line is no sentence", () => {
  expect(sayJoined(["3 write", "1 read"])).toBe("3 write · 1 read");
  expect(joined([foreign("poller-03"), "4 permissions", "90 days"])).toEqual([
    { text: "poller-03", isForeign: true },
    { text: " · 4 permissions · 90 days", isForeign: false },
  ]);
  expect([sayJoined(["one"]), sayJoined([])]).toEqual(["one", ""]);
});

describe("in Arabic", () => {
  test.each([
    [0, "لا أذونات"],
    [1, "إذن واحد"],
    [2, "إذنان"],
    [3, "3 أذونات"],
    [10, "10 أذونات"],
    [11, "11 إذنًا"],
    [99, "99 إذنًا"],
    [100, "100 إذن"],
    [102, "102 إذن"],
    [103, "103 أذونات"],
  ])("%s permissions are %s", async (count, expected) => {
    await speaker.choose("ar");
    expect(say("permission_count", { count })).toBe(expected);
  });

  test("a number that never changes has the digits of those that do", async () => {
    vi.spyOn(navigator, "languages", "get").mockReturnValue(["ar-EG"]);
    await speaker.choose("ar");
    expect(say("use_none")).toBe("لم يستخدمه أحد في آخر ٣٠ يومًا.");
    expect(say("days", { count: 30 })).toBe("٣٠ يومًا");
  });

  test("no dot stands beside a digit, which would read as a zero", async () => {
    await speaker.choose("ar");
    expect(sayJoined([say("risk_write_count", { count: 3 }), say("days", { count: 90 })])).not.toMatch(/[·.•]/);
  });

  test("what is foreign keeps its direction to itself", async () => {
    await speaker.choose("ar");
    expect(say("edit_named", { name: "poller-03" })).toBe("تحرير \u2066poller-03\u2069");
    expect(say("f_permission_unknown", { permissions: ["a:read", "b:read"] })).toBe(
      "لا يعرف نظام إدارة الشبكة \u2066a:read\u2069 و\u2066b:read\u2069.",
    );
    expect(parts("edit_named", { name: "poller-03" }).at(-1)).toEqual({ text: "poller-03", isForeign: true });
  });
});

test("elsewhere only what runs the other way is kept apart", async () => {
  await speaker.choose("de");
  expect(say("edit_named", { name: "poller-03" })).toBe("poller-03 bearbeiten");
  expect(say("edit_named", { name: "مراقب 3" })).toBe("\u2067مراقب 3\u2069 bearbeiten");
});
