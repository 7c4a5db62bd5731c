// What the shell tells the page unasked. Each listener returns a function that ends it at once, even while the
// registration is still under way.
import { listen } from "@tauri-apps/api/event";
import type { Appearance } from "./generated/Appearance";
import type { CloseRequest } from "./generated/CloseRequest";
import type { ExportProgress } from "./generated/ExportProgress";
import type { KeyringView } from "./generated/KeyringView";
import type { OpenToken } from "./generated/OpenToken";
import type { VaultView } from "./generated/VaultView";

interface Events {
  vault: VaultView;
  keyring: KeyringView;
  close_requested: CloseRequest;
  appearance: Appearance;
  export_progress: ExportProgress;
  /** Somebody clicked a reminder: of one token, or (`null`) of several. */
  open_token: OpenToken;
  /** The list changed without the page's doing: the old token of a replacement is gone. */
  tokens_changed: null;
  /** The built-in NMS, which runs, has met damage of its store. */
  store_damaged: null;
}

export function on<Name extends keyof Events>(name: Name, hear: (payload: Events[Name]) => void): () => void {
  let isOver = false;
  const registered = listen<Events[Name]>(name, (event) => {
    if (!isOver) hear(event.payload);
  });
  return () => {
    isOver = true;
    void registered.then((unlisten) => unlisten());
  };
}
