// What can be done: one table for the shortcuts, the list of them, and the command palette. It knows who does it, not how.
import { tick } from "svelte";
import type { Sort } from "../ipc/generated/Sort";
import type { Token } from "../ipc/generated/Token";
import { clock } from "../controls/clock.svelte";
import { layers } from "../controls/layers.svelte";
import { sayWhyNot } from "../controls/whyNot";
import * as commands from "../ipc/commands";
import type { Dialogs } from "../tokens/dialogs.svelte";
import { FILTERS } from "../tokens/filters";
import { called, masked } from "../tokens/naming";
import { ORDERS } from "../tokens/orders";
import { focusDetails } from "../tokens/rows";
import { whyNotRotated } from "../tokens/rotation";
import type { Selection } from "../tokens/selection.svelte";
import type { Tokens } from "../tokens/tokens.svelte";
import { say } from "../words/words";
import { isPressed, takesText } from "./keys";

const MOST_FOUND = 20;
/** Offered only where there is something to close. */
const CLOSE_DETAILS = "close-details";

export type Tab = "tokens" | "profile" | "preferences";

export interface Action {
  id: string;
  label: () => string;
  /** On a row: of the token whose row has the focus, or whose details are open. */
  on: "page" | "row";
  keys?: string;
  run: () => void;
}

export interface Desk {
  tokens: Tokens;
  dialogs: Dialogs;
  selection: Selection;
  /** Something can be created and changed now. */
  isReady: () => boolean;
  /** Letters alone are heard. */
  hasSingleKeys: () => boolean;
  go: (tab: Tab) => void;
  tab: () => Tab;
}

/** What is laid over the page by a key. */
export type Over = "nothing" | "palette" | "shortcuts";

export class Actions {
  over = $state<Over>("nothing");
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Those that have a key, in the order in which they are listed. */
  get shortcuts(): Action[] {
    return this.#table().filter((one) => one.keys !== undefined);
  }

  /** Everything that can be done now, for the palette. */
  get possible(): Action[] {
    const { tokens, dialogs } = this.#desk;
    const filters = FILTERS.map((filter): Action => {
      const label = () => say("act_filter", { filter: filter.label() });
      return {
        id: `filter-${filter.id}`,
        label,
        on: "page",
        run: () => this.#list(() => void tokens.showOnly(filter.id)),
      };
    });
    const orders = ORDERS.map(({ sort, label }): Action => {
      return {
        id: `sort-${sort}`,
        label: () => say("act_sort", { order: label() }),
        on: "page",
        run: () => this.#sort(sort),
      };
    });
    const rows = tokens.tokens.map((token) => this.#opening(token));
    const current = this.#current();
    const about = (one: Action): Action => {
      if (one.on === "page" || !current) return one;
      return { ...one, label: () => say("act_about", { act: one.label(), name: called(current) }) };
    };
    const table = this.#table()
      .filter((one) => one.on === "page" || current !== undefined)
      .filter((one) => one.id !== CLOSE_DETAILS || dialogs.details !== null)
      .map(about);
    return [...table.filter((one) => one.id !== "palette"), ...filters, ...orders, ...rows];
  }

  /** Opening tokens that the list may not show: those that the server finds by these words. */
  async tokensBy(q: string): Promise<Action[]> {
    try {
      const { tokens } = await commands.listTokens({ q, limit: MOST_FOUND });
      return tokens.map((token) => this.#opening(token));
    } catch {
      // What the list shows is found without the server; why it does not answer is said there.
      return [];
    }
  }

  #opening(token: Token): Action {
    // The two of a rotated pair have one name, and so may others.
    const isAlone = this.#desk.tokens.tokens.every((one) => one.id === token.id || one.name !== token.name);
    const name = isAlone ? called(token) : `${called(token)} · ${masked(token)}`;
    const label = () => say("act_open_token", { name });
    const open = async () => {
      this.#desk.dialogs.details = token.id;
      // The keys for a row mean this one from now on.
      await tick();
      focusDetails(token.id);
    };
    return { id: token.id, label, on: "page", run: () => this.#list(() => void open()) };
  }

  /** A key was pressed anywhere in the window. */
  hear(event: KeyboardEvent): void {
    // A dialog keeps its keys to itself; so does whatever has used this one already.
    if (event.defaultPrevented || layers.top !== null) return;
    const action = this.#table().find((one) => one.keys !== undefined && isPressed(one.keys, event));
    if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !this.#desk.hasSingleKeys()) return;
    if (!action || (takesText(event.target) && !event.ctrlKey && !event.metaKey)) return;
    if (action.on === "row" && !this.#current()) return;
    event.preventDefault();
    action.run();
  }

  /** About this token, where it is about one: the palette asks before it takes the focus from the row. */
  #table(token = this.#current()): Action[] {
    const { tokens, dialogs, selection, isReady, go } = this.#desk;
    const page = (id: string, label: () => string, run: () => void, keys?: string): Action => {
      return { id, label, on: "page", run, ...(keys === undefined ? {} : { keys }) };
    };
    const row = (id: string, label: () => string, keys: string, act: (token: Token) => void): Action => {
      return { id, label, on: "row", keys, run: () => token && act(token) };
    };
    const unkeyed = (id: string, label: () => string, act: (token: Token) => void): Action => {
      return { id, label, on: "row", run: () => token && act(token) };
    };
    const change = (act: () => void): void => {
      const reason = tokens.isOffline ? say("offline_short") : isReady() ? null : say("create_blocked");
      if (reason === null) act();
      else sayWhyNot(reason);
    };
    const rotate = (token: Token): void => {
      const reason = whyNotRotated(token, clock.now);
      if (reason === null) dialogs.show({ dialog: "rotate", token });
      else sayWhyNot(reason);
    };
    return [
      page(
        "create",
        () => say("act_create"),
        () => change(() => dialogs.show({ dialog: "create" })),
        "n",
      ),
      page(
        "search",
        () => say("act_search"),
        () => this.#list(focusSearch),
        "/",
      ),
      page(
        "palette",
        () => say("act_palette"),
        () => (this.over = "palette"),
        "Mod+k",
      ),
      page(
        "shortcuts",
        () => say("act_shortcuts"),
        () => (this.over = "shortcuts"),
        "?",
      ),
      page(
        "test",
        () => say("check_open"),
        () => dialogs.show({ dialog: "test" }),
      ),
      page(
        "stopped",
        () => say("stopped_title"),
        () => isReady() && dialogs.show({ dialog: "stopped", search: tokens.search }),
      ),
      page(
        "go-tokens",
        () => say("act_go_tokens"),
        () => go("tokens"),
      ),
      page(
        "go-profile",
        () => say("act_go_profile"),
        () => go("profile"),
      ),
      page(
        "go-preferences",
        () => say("act_go_preferences"),
        () => go("preferences"),
      ),
      page(
        "show-all",
        () => say("act_show_all"),
        () => this.#list(() => tokens.showEverything()),
      ),
      row(
        "details",
        () => say("act_details"),
        "d",
        (token) => dialogs.toggleDetails(token),
      ),
      row(
        CLOSE_DETAILS,
        () => say("details_close"),
        "Escape",
        () => (dialogs.details = null),
      ),
      row(
        "edit",
        () => say("act_edit"),
        "e",
        (token) => change(() => dialogs.show({ dialog: "edit", token })),
      ),
      row(
        "rotate",
        () => say("act_rotate"),
        "r",
        (token) => change(() => rotate(token)),
      ),
      unkeyed(
        "like",
        () => say("details_like"),
        (token) => change(() => dialogs.show({ dialog: "create", like: token })),
      ),
      ...(token?.state === "active"
        ? [
            unkeyed(
              "pause",
              () => say("act_pause"),
              (one) => change(() => dialogs.show({ dialog: "pause", token: one })),
            ),
          ]
        : []),
      ...(token?.state === "paused"
        ? [
            unkeyed(
              "resume",
              () => say("act_resume"),
              (one) => change(() => dialogs.show({ dialog: "bulk", act: "resume", tokens: [one] })),
            ),
          ]
        : []),
      row(
        "delete",
        () => say("act_delete"),
        "Delete",
        (token) => change(() => dialogs.show({ dialog: "delete", token })),
      ),
      row(
        "select",
        () => say("act_select"),
        "x",
        (token) => selection.toggle(token),
      ),
    ];
  }

  #sort(sort: Sort): void {
    this.#list(() => this.#desk.tokens.sortBy(sort));
  }

  /** On the tab of the list, once it is there. */
  #list(act: () => void): void {
    this.#desk.go("tokens");
    setTimeout(act, 0);
  }

  #current(): Token | undefined {
    const { tokens, dialogs, tab } = this.#desk;
    // What is not on screen is not acted on.
    if (tab() !== "tokens") return undefined;
    const id = focusedRow() ?? dialogs.details;
    return id === null ? undefined : tokens.find(id);
  }

  close(): void {
    this.over = "nothing";
  }
}

function focusedRow(): string | null {
  return document.activeElement?.closest<HTMLElement>("[data-token]")?.dataset["token"] ?? null;
}

function focusSearch(): void {
  document.querySelector<HTMLElement>("[role=search] input")?.focus();
}
