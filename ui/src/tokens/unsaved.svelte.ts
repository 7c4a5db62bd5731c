// What was typed and not saved: Rust is told of it, and the window then asks before it closes.
import * as commands from "../ipc/commands";

/** For a form, as it is made: it guards until the form is gone. */
export function guardUnsaved(isTouched: () => boolean): void {
  const touched = $derived(isTouched());
  $effect(() => {
    if (!touched) return;
    void commands.setFormUnsaved(true);
    return () => void commands.setFormUnsaved(false);
  });
}
