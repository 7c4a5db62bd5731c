// Writing the list into a file: Rust fetches all that fits, asks where, and writes. The page has the words.
import { announcer } from "../controls/announcer.svelte";
import * as commands from "../ipc/commands";
import { on } from "../ipc/events";
import type { ExportFormat } from "../ipc/generated/ExportFormat";
import type { TokenQuery } from "../ipc/generated/TokenQuery";
import { say } from "../words/words";

type Life =
  | { step: "resting" }
  | { step: "running"; read: number }
  | { step: "failed"; rejected: unknown }
  | { step: "done"; path: string; tokens: number }
  | { step: "stopped" };

/** The members' own names as heads: whoever reads the table with a program finds what the NMS calls them. */
const COLUMNS = {
  name: "name",
  description: "description",
  masked: "masked",
  state: "state",
  expires_at: "expires_at",
  permissions: "permissions",
  effective_permissions: "effective_permissions",
  allowed_addresses: "allowed_addresses",
  created_at: "created_at",
  updated_at: "updated_at",
  last_used_at: "last_used_at",
  last_used_from: "last_used_from",
  use_count: "use_count",
  used_permissions: "used_permissions",
  replaces: "replaces",
  replaced_by: "replaced_by",
  ends_at: "ends_at",
  id: "id",
} as const;

export type ExportKind = ExportFormat["kind"];

export class Export {
  life = $state.raw<Life>({ step: "resting" });

  start(): () => void {
    return on("export_progress", ({ read }) => {
      if (this.life.step === "running") this.life = { step: "running", read };
    });
  }

  #format(kind: ExportKind): ExportFormat {
    if (kind !== "ics") return kind === "csv" ? { kind, columns: COLUMNS } : { kind };
    const calendar = {
      title: say("tokens_heading"),
      // Rust fills these in, one for each token.
      summary: say("export_expires", { name: "{name}" }),
      summary_unnamed: say("export_expires_unnamed"),
      description: "{masked}",
    };
    return { kind, calendar };
  }

  async run(kind: ExportKind, query: TokenQuery): Promise<void> {
    if (this.life.step === "running") return;
    this.life = { step: "running", read: 0 };
    const words = {
      title: say("export_title"),
      save: say("export_button"),
      cancel: say("cancel"),
      file_name: `api-tokens.${kind}`,
    };
    try {
      const outcome = await commands.exportTokens(this.#format(kind), words, query);
      if (outcome.kind === "saved") this.#done(outcome.path, outcome.tokens);
      else this.life = { step: outcome.kind === "cancelled" ? "stopped" : "resting" };
    } catch (rejected) {
      this.life = { step: "failed", rejected };
    }
  }

  #done(path: string, tokens: number): void {
    this.life = { step: "done", path, tokens };
    announcer.say(say("export_done", { count: tokens, path }));
  }

  stop(): void {
    void commands.cancelExport();
  }

  dismiss(): void {
    this.life = { step: "resting" };
  }
}
