// Reminders: what is due comes from Rust, the words from here.
import { expect, test } from "vitest";
import { NOW } from "../fixtures/setup";
import { wordsOf } from "./reminders";

const token = (name: string | null, number: number) => ({
  id: `0192f0aa-0000-7000-8000-00000000000${String(number)}`,
  name,
  masked: "pnms_pat_a1b2c3d4…f9g0",
  expires_at: "2026-11-30T12:00:00+01:00",
});

test("one token is named, opens when it is clicked, and is told of once", () => {
  const words = wordsOf({ step: "days_7", tokens: [token("poller-03", 1)] }, NOW.getTime());
  expect(words.title).toBe("1 token expires within 7 days");
  expect(words.body).toBe("poller-03 expires in 7 days.");
  expect(words.token_id).toBe(token(null, 1).id);
  expect(words.told).toEqual([{ token_id: token(null, 1).id, expires_at: token(null, 1).expires_at, step: "days_7" }]);
});

test("several are told in one; a click opens the list; without a name the masked value stands", () => {
  const tokens = [1, 2, 3, 4, 5].map((number) => token(number === 1 ? null : `service-${String(number)}`, number));
  const words = wordsOf({ step: "day_1", tokens }, NOW.getTime());
  expect(words.title).toBe("5 tokens expire within a day");
  expect(words.body.split("\n").length).toBe(4);
  expect(words.body).toContain("pnms_pat_a1b2c3d4…f9g0 expires");
  expect(words.token_id).toBeNull();
  expect(words.told.length).toBe(5);
});
