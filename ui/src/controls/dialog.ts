// What every dialog does while it stands.
import { onDestroy } from "svelte";
import { secondPress } from "./doubleClick";
import { layers, provideGround } from "./layers.svelte";
import { enterDialog } from "./opener";

/** To be called once as a dialog is made. `focus`: what gets the focus; nothing: the first control. */
export function standDialog(content: () => HTMLElement | null, focus: () => HTMLElement | null | undefined) {
  const layer = layers.enter();
  provideGround(content);
  const leaveDialog = enterDialog();
  onDestroy(() => {
    layers.leave(layer);
    leaveDialog();
  });
  return {
    layer,
    second: secondPress(),
    onOpenAutoFocus: (event: Event) => {
      const target = focus();
      if (!target) return;
      event.preventDefault();
      target.focus();
    },
  };
}
