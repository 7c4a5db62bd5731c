// Light or dark, more contrast or not: as the desktop says, else as the web view's own media queries say.
import type { Appearance } from "../ipc/generated/Appearance";

declare global {
  interface Window {
    /** Set by the shell before the page runs, so that the first paint has the right theme. */
    __APPEARANCE__?: Appearance;
  }
}

export function applyAppearance(appearance: Appearance | undefined): void {
  const root = document.documentElement;
  const dark = appearance?.dark ?? null;
  const contrast = appearance?.more_contrast ?? null;
  if (dark === null) delete root.dataset["theme"];
  else root.dataset["theme"] = dark ? "dark" : "light";
  if (contrast === null) delete root.dataset["contrast"];
  else root.dataset["contrast"] = contrast ? "more" : "normal";
}

/** What is on screen now, whoever decided it. */
export function isDark(): boolean {
  const theme = document.documentElement.dataset["theme"];
  return theme ? theme === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
}
