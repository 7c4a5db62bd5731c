// Every zone of the world, a clock that goes wrong, and the server's rule: what can be chosen here is accepted there, and
// what is accepted there can be chosen here. The server's bounds are those of a list that its own test holds it to.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { clock } from "../controls/clock.svelte";
import { Expiry } from "./expiry.svelte";
import { dayOf, quickChoices, YEAR, type Day, type ExpiryChoice } from "./expiry";

const VECTORS = "../src-tauri/crates/nms-api/tests/expiry.json";
/** `.ci/soak.sh` wants the long form. */
const CASES = process.env["PALPABL_ROUNDS"] === "long" ? 100_000 : 10_000;
const TOLERANCE = 60_000;
const DAY = 86_400_000;

/** When the server is asked, by its clock, and the latest that it says then. */
const ROWS = (JSON.parse(readFileSync(VECTORS, "utf8")) as [string, number, string][]).map(
  ([now, , latest]) => [Date.parse(now), latest] as const,
);
const ZONES = Intl.supportedValuesOf("timeZone");
const before = process.env["TZ"];
let seed = 21;

/** The same numbers each time: Park and Miller's. */
function below(end: number): number {
  seed = (seed * 48_271) % 2_147_483_647;
  return Math.floor((seed / 2_147_483_647) * end);
}

function anyOf<T>(some: readonly T[]): T {
  return some[below(some.length)] as T;
}

const dayNumber = ({ year, month, day }: Day) => Date.UTC(year, month - 1, day);

/** Refused, whatever else is right. */
const isRefused = (at: number, now: number, latest: string) => at <= now || at - Date.parse(latest) > TOLERANCE;

/** The page has asked the server and knows by how much this computer's clock is wrong. */
function look(now: number, skew: number): void {
  vi.setSystemTime(now + skew);
  clock.setAhead(skew / 1000);
}

const chosen = (latest: string, choice: ExpiryChoice) => new Expiry(latest, choice);

beforeAll(() => expect(ZONES.length).toBeGreaterThan(400));
afterAll(() => {
  process.env["TZ"] = before;
});

test("in every zone, by clocks up to two days wrong, the limits here and there agree", () => {
  let cases = 0;
  for (const zone of ZONES) {
    process.env["TZ"] = zone;
    for (let round = 0; round < Math.ceil(CASES / ZONES.length / 4); round += 1, cases += 4) {
      const [now, latest] = anyOf(ROWS);
      const skew = below(4 * DAY) - 2 * DAY;
      look(now, skew);
      const said = `${zone}, ${new Date(now).toISOString()}, ${skew} ms ahead`;

      // Whatever is offered is accepted, also a minute later, when it is sent.
      const sentAt = now + below(60_000);
      const quick = quickChoices(clock.now, Date.parse(latest));
      for (const days of [anyOf(quick), YEAR]) {
        const at = chosen(latest, { kind: "days", days }).at;
        expect(isRefused(at, sentAt, latest), `${said}: ${days} days`).toBe(false);
      }

      // Any instant that is accepted lies on a day that can be picked, and picking it is accepted, unless it is said to
      // be over.
      const accepted = now + 1 + below(Date.parse(latest) - now);
      const day = dayOf(accepted);
      expect(dayNumber(day), said).toBeGreaterThanOrEqual(dayNumber(dayOf(clock.now)));
      expect(dayNumber(day), said).toBeLessThanOrEqual(dayNumber(dayOf(Date.parse(latest))));
      const picked = chosen(latest, { kind: "on", day });
      expect(picked.isPast, said).toBe(false);
      expect(isRefused(picked.at, now, latest), said).toBe(false);
      expect(picked.at, said).toBeGreaterThanOrEqual(accepted - 999);

      // No day after the last that can be picked is accepted.
      const after = chosen("9999-01-01T00:00:00Z", { kind: "on", day: dayOf(Date.parse(latest) + 2 * DAY) });
      expect(isRefused(after.at, now, latest), said).toBe(true);
    }
  }
  expect(cases).toBeGreaterThanOrEqual(CASES);
}, 300_000);

test("after a clock was set back no day can be picked that is over", () => {
  for (const zone of ZONES) {
    process.env["TZ"] = zone;
    const [now, latest] = anyOf(ROWS);
    look(now, below(4 * DAY) - 2 * DAY);
    vi.setSystemTime(Date.now() - 2 * DAY);
    clock.tick();
    const earliest = chosen(latest, { kind: "on", day: dayOf(clock.now) });
    expect(isRefused(earliest.at, now, latest), zone).toBe(false);
  }
});

test("a clock that jumps between two looks at the server moves no limit, and no quick choice over it", () => {
  for (const zone of ZONES) {
    process.env["TZ"] = zone;
    const [now, latest] = anyOf(ROWS);
    look(now, 0);
    vi.setSystemTime(now + below(4 * DAY) - 2 * DAY);
    clock.tick();
    for (const days of quickChoices(clock.now, Date.parse(latest))) {
      expect(isRefused(chosen(latest, { kind: "days", days }).at, now, latest), `${zone}: ${days}`).toBe(false);
    }
  }
});
