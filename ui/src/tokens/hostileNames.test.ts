// Names that people and programs might give a token, as the server keeps them: each is shown as it is and alone, moves
// nothing beside it, and runs nothing.
import { readFileSync } from "node:fs";
import { render } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import { catalogue } from "../fixtures/catalogue";
import { FakeNms } from "../fixtures/nms";
import { NOW } from "../fixtures/setup";
import { aToken } from "../fixtures/tokens";
import type { Token } from "../ipc/generated/Token";
import type { Dialogs } from "./dialogs.svelte";
import type { Reported } from "./reported.svelte";
import ReportedNotices from "./ReportedNotices.svelte";
import { Selection } from "./selection.svelte";
import { USUAL_SORT } from "./tokens.svelte";
import TokenTable from "./TokenTable.svelte";

interface Name {
  kept?: string | null;
  refused?: string;
}

const ALL = JSON.parse(readFileSync("../src-tauri/crates/nms-api/tests/names.json", "utf8")) as Name[];
const KEPT = ALL.filter((one) => one.refused === undefined && one.kept !== null).map((one) => one.kept as string);
/** With the ordinary one there are as many as are laid out as they are; more of them come and go with the view. */
const AT_ONCE = 79;
const PIECES = Array.from({ length: Math.ceil(KEPT.length / AT_ONCE) }, (_, place) => place * AT_ONCE);
const RUNS = ":is(script, img, iframe, object, a, [onerror], [onload], [style*=url])";

const nothing = () => undefined;

/** What stands there, without what it says. */
function skeleton(element: Element): string {
  return `${element.localName}.${[...element.classList].join(".")}(${[...element.children].map(skeleton).join("")})`;
}

function tokensOf(some: readonly string[]): Token[] {
  const now = NOW.getTime();
  const reported_at = new Date(now - 3_600_000).toISOString();
  return ["poller-03", ...some].map((name) => aToken(now, { name, reported_at, last_used_at: null, use_count: 0 }));
}

/** Each row says its token's name, and is otherwise as that of an ordinary one. */
function expectAlone(rows: HTMLElement[], tokens: Token[]): void {
  expect(rows.map((row) => row.dataset["token"])).toEqual(tokens.map((one) => one.id));
  const beside = (row: HTMLElement | undefined) =>
    [...(row?.querySelectorAll("[role=cell]") ?? [])].map((cell) => cell.textContent);
  const [ordinary] = rows;
  for (const [place, row] of rows.entries()) {
    const name = tokens[place]?.name;
    expect([...row.querySelectorAll("bdi.name")].map((one) => one.textContent)).toEqual([name]);
    expect(skeleton(row), JSON.stringify(name)).toBe(skeleton(ordinary as HTMLElement));
    expect(beside(row), JSON.stringify(name)).toEqual(beside(ordinary));
  }
}

test("there are hundreds of them", () => expect(KEPT.length).toBeGreaterThanOrEqual(300));

test.each(PIECES)("from the %ith on each is shown as it is and alone, and its neighbours stay as they are", (from) => {
  new FakeNms().install();
  const ran = vi.fn();
  for (const way of ["alert", "confirm", "prompt", "open"]) vi.stubGlobal(way, ran);
  const tokens = tokensOf(KEPT.slice(from, from + AT_ONCE));
  const target = document.body.appendChild(document.createElement("main"));
  const props = {
    ...{ tokens, catalogue, total: tokens.length, sort: USUAL_SORT, selection: new Selection() },
    ...{ open: null, blockedBy: null, onsort: nothing, ondetails: nothing, onedit: nothing, ondelete: nothing },
    ...{ onend: nothing, onlast: () => Promise.resolve() },
  } as const;
  const { container } = render(TokenTable, { target, props });
  expectAlone([...container.querySelectorAll<HTMLElement>("[data-token]")], tokens);

  // And in a sentence: that of what was found in public.
  const reported = { tokens } as unknown as Reported;
  const notices = render(ReportedNotices, { reported, dialogs: {} as Dialogs, blockedBy: null }).container;
  const said = [...notices.querySelectorAll("[role=note]")].map((note) => [...note.querySelectorAll("strong bdi")]);
  expect(said.map((alone) => alone.map((one) => one.textContent))).toEqual(tokens.map(({ name }) => [name]));
  expect(document.querySelector(RUNS)).toBeNull();
  expect(ran).not.toHaveBeenCalled();
});
