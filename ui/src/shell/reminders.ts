// Desktop notifications before an expiry. Rust knows what is due and shows it; the page has the words. Each is told once.
import * as commands from "../ipc/commands";
import type { Reminder } from "../ipc/generated/Reminder";
import type { ReminderStep } from "../ipc/generated/ReminderStep";
import type { ReminderWords } from "../ipc/generated/ReminderWords";
import { relativeInstant } from "../words/instants";
import { say } from "../words/words";

const LOOK_MS = 60 * 60_000;
const TITLE: Record<ReminderStep, (count: number) => string> = {
  days_14: (count) => say("remind_14", { count }),
  days_7: (count) => say("remind_7", { count }),
  day_1: (count) => say("remind_1", { count }),
};
/** More names do not fit a notification. */
const MOST_NAMED = 4;

export function wordsOf({ step, tokens }: Reminder, now: number): ReminderWords {
  const [only] = tokens;
  const lines = tokens
    .slice(0, MOST_NAMED)
    .map(({ name, masked, expires_at }) =>
      say("remind_one", { name: name ?? masked, when: relativeInstant(expires_at, now) }),
    );
  return {
    title: TITLE[step](tokens.length),
    body: lines.join("\n"),
    click: say("remind_click"),
    token_id: tokens.length === 1 && only ? only.id : null,
    told: tokens.map(({ id, expires_at }) => ({ token_id: id, expires_at, step })),
  };
}

/** Looks now and then; ends with the returned function. */
export function startReminders(now: () => number): () => void {
  const look = async () => {
    // Without an answer there is nothing to tell; the next look asks again.
    const due = await commands.dueReminders().catch((): Reminder[] => []);
    for (const reminder of due) await commands.showReminder(wordsOf(reminder, now())).catch(() => undefined);
  };
  void look();
  const looking = setInterval(() => void look(), LOOK_MS);
  return () => clearInterval(looking);
}
