// Which key is meant: as a table of actions writes it ("n", "?", "Mod+k", "Delete"), as the keyboard sends it, and as a
// person reads it.
import { say } from "../words/words";

const ARABIC_QUESTION_MARK = "\u061f";

const isMac = () => navigator.platform.startsWith("Mac");

/** `Mod` is Command on a Mac and Ctrl elsewhere. Shift is part of what a key writes ("?"), and asked for by no action. */
export function isPressed(keys: string, event: KeyboardEvent): boolean {
  const needsMod = keys.startsWith("Mod+");
  const key = needsMod ? keys.slice(4) : keys;
  const hasMod = isMac() ? event.metaKey : event.ctrlKey;
  const hasOther = event.altKey || (isMac() ? event.ctrlKey : event.metaKey);
  if (hasOther || hasMod !== needsMod) return false;
  const typed = latinOf(event);
  return typed === key || (needsMod && typed.toLowerCase() === key);
}

/**
 * What the key writes; where that is a letter of another script, what its place writes on a Latin keyboard. The key of a
 * Latin layout is never guessed: on AZERTY and Dvorak the place would be wrong.
 */
function latinOf({ key, code, shiftKey }: KeyboardEvent): string {
  if (key === ARABIC_QUESTION_MARK) return "?";
  if (!/\p{L}/u.test(key) || /\p{Script=Latin}/u.test(key)) return key;
  if (code === "Slash") return shiftKey ? "?" : "/";
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter === undefined) return key;
  return shiftKey ? letter : letter.toLowerCase();
}

/** Typing goes into it: its letters are no commands. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const isBox = target instanceof HTMLInputElement && ["checkbox", "radio", "button"].includes(target.type);
  return !isBox && target.matches("input, textarea, select, [contenteditable=true], [role=textbox], [role=spinbutton]");
}

/** The whole page as one selection helps nobody, and under X11 a middle click would paste it elsewhere. */
export function selectsPage(event: KeyboardEvent): boolean {
  return isPressed("Mod+a", event) && !takesText(event.target);
}

/** The caps of the keys, in their order: ["Ctrl", "K"]. */
export function caps(keys: string): string[] {
  const named: Record<string, () => string> = {
    Mod: () => (isMac() ? "⌘" : say("key_ctrl")),
    Delete: () => say("key_delete"),
    Escape: () => say("key_escape"),
    Up: () => say("key_up"),
    Down: () => say("key_down"),
    Home: () => say("key_home"),
    End: () => say("key_end"),
  };
  return keys.split(/\+(?=.)/).map((key) => named[key]?.() ?? (key.length === 1 ? key.toUpperCase() : key));
}
