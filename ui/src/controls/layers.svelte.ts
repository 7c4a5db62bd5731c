// Which dialog lies on top. A modal dialog hides everything outside it from screen readers, so what belongs to it must
// stand inside it: the menus and months that open from it, and what is announced while it is open.
import { getContext, setContext } from "svelte";

const LAYER = Symbol("layer");
/** Where floating things stand that belong to no dialog. */
const GROUND = "main";

class Layers {
  #open: symbol[] = [];

  enter(): symbol {
    const layer = Symbol("dialog");
    this.#open.push(layer);
    return layer;
  }

  leave(layer: symbol): void {
    this.#open = this.#open.filter((one) => one !== layer);
  }

  /** The topmost dialog; null for the page itself. */
  get top(): symbol | null {
    return this.#open.at(-1) ?? null;
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
