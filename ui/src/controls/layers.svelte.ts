// Which dialog lies on top. A modal dialog hides everything outside it from screen readers, so what belongs to it must
// stand inside it: the menus and months that open from it, and what is announced while it is open.
// What lies below is inert as well: WebKit, with aria-modal alone, leaves pieces of it in the accessibility tree, and rows
// that came to the list meanwhile out of it for good.
import { getContext, setContext } from "svelte";

const LAYER = Symbol("layer");
/** Where floating things stand that belong to no dialog. */
const GROUND = "main";

class Layers {
  /** Not a state: whoever is destroyed would read it as it was before. */
  #open: symbol[] = [];
  /** The topmost dialog; null for the page itself. */
  top = $state.raw<symbol | null>(null);

  enter(): symbol {
    const layer = Symbol("dialog");
    this.#open.push(layer);
    this.top = layer;
    return layer;
  }

  leave(layer: symbol): void {
    this.#open = this.#open.filter((one) => one !== layer);
    this.top = this.#open.at(-1) ?? null;
  }
}

export const layers = new Layers();

/** For a dialog: what opens from inside it stands in its element. */
export function provideGround(element: () => HTMLElement | null): void {
  setContext(LAYER, element);
}

/** Where what opens from here is to stand: in the dialog around it, or in the page. */
export function ground(): () => HTMLElement | string {
  const element = getContext<(() => HTMLElement | null) | undefined>(LAYER);
  return () => element?.() ?? GROUND;
}
