// Where the focus goes when what had it goes. When a dialog closes: to whatever opened it; when that is gone (its row was
// deleted, its button was exchanged), and for whatever else goes by itself: to what stands in its place; and else to the
// dialog below it, or the heading of the page.

const FOCUSABLE = "button, input, select, textarea, a[href], [tabindex]:not([tabindex='-1'])";
/** What stands in another's place is near it: not somewhere else in the page. */
const PLACES = "[role=row], [role=rowgroup], aside, aside *, [role=dialog], [role=alertdialog]";
const ENDS = "main, [role=tabpanel]";

interface Stay {
  opener: HTMLElement | null;
  /** Parts of the page around the opener, the nearest first, and which of their controls it was. */
  places: { part: HTMLElement; at: number }[];
  /** The row that it stood in: of which token. */
  token: string | undefined;
}

const stays: Stay[] = [];
/** The last one that closed, as long as nobody has the focus: one dialog follows another without the page between. */
let last: Stay | null = null;

/** The window as a whole has it: the keyboard would begin anew. */
export const nobodyHasFocus = () => (document.activeElement ?? document.body) === document.body;

/** To be called as a dialog opens; the answer, as it closes. */
export function enterDialog(): () => void {
  const active = document.activeElement;
  const stay =
    active instanceof HTMLElement && active !== document.body
      ? stayOf(active)
      : { opener: last?.opener ?? null, places: last?.places ?? [], token: last?.token };
  stays.push(stay);
  return () => leave(stay);
}

function leave(stay: Stay): void {
  const place = stays.indexOf(stay);
  stays.splice(place, 1);
  // One that was opened from within it goes back to where this one began.
  const above = stays[place];
  if (above) Object.assign(above, stay);
  last = stay;
  // After the next dialog, if there is one, has had its turn.
  setTimeout(() => {
    if (!nobodyHasFocus()) return;
    (heirOf(stay) ?? home())?.focus();
    last = null;
  }, 0);
}

/** Long enough for whoever has a better place for the focus. */
const GRACE_MS = 100;

/**
 * What had the focus may go by itself: a notice that is over, a button that did its work. From now on what stands in its
 * place gets it then. The rows of a list look after themselves (TokenTable.svelte).
 */
export function keepFocus(): () => void {
  let holder: Stay | null = null;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const hear = ({ target }: FocusEvent): void => {
    const isOurs = target instanceof HTMLElement && target.closest("[data-rows]") === null;
    holder = isOurs ? stayOf(target) : null;
  };
  const isLost = () => holder?.opener?.isConnected === false && nobodyHasFocus();
  const watching = new MutationObserver(() => {
    if (!isLost()) return;
    const of = holder;
    waiting = setTimeout(() => {
      if (of && of === holder && isLost()) (heirOf(of) ?? home())?.focus();
    }, GRACE_MS);
  });
  document.addEventListener("focusin", hear);
  watching.observe(document.body, { childList: true, subtree: true });
  return () => {
    document.removeEventListener("focusin", hear);
    watching.disconnect();
    clearTimeout(waiting);
  };
}

function stayOf(control: HTMLElement): Stay {
  const token = control.closest<HTMLElement>("[data-token]")?.dataset["token"];
  return { opener: control, places: placesOf(control), token };
}

function placesOf(control: HTMLElement): Stay["places"] {
  const places = [];
  for (let part = control.parentElement; part && !part.matches(ENDS); part = part.parentElement) {
    if (part.matches(PLACES)) places.push({ part, at: controlsOf(part).indexOf(control) });
  }
  return places;
}

const controlsOf = (part: HTMLElement) => [...part.querySelectorAll<HTMLElement>(FOCUSABLE)];
const isThere = (part: HTMLElement) => part.isConnected && part.closest("[inert]") === null;

/** Who has the focus now that its holder, or the dialog over it, has gone. */
function heirOf({ opener, places, token }: Stay): HTMLElement | undefined {
  if (opener && isThere(opener)) return opener;
  // Not a neighbour: what is done next with its row is meant for that token, or for the one that took its place.
  const row = token && document.querySelector<HTMLElement>(`[data-token="${token}"], [data-replaces="${token}"]`);
  if (row && isThere(row)) return row.querySelector("button") ?? controlsOf(row)[0];
  for (const { part, at } of places) {
    if (!isThere(part)) continue;
    // What can be done next, where the whole of its place was exchanged.
    const first = part.querySelector<HTMLElement>("[data-focus-first]");
    const [next] = first ? controlsOf(first) : [];
    if (next) return next;
    const controls = controlsOf(part);
    if (controls.length > 0) return controls[Math.min(at, controls.length - 1)];
  }
  return undefined;
}

function home(): HTMLElement | null | undefined {
  if (stays.length === 0) return document.querySelector<HTMLElement>("[data-focus-home]");
  const below = [...document.querySelectorAll<HTMLElement>("[role=dialog], [role=alertdialog]")].filter(isThere).at(-1);
  return below && controlsOf(below)[0];
}
