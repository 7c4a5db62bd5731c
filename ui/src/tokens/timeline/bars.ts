// Where things stand in the picture of time, in its own units: bars, what is pressed for them, and their numbers.
import { isOff, type Lapse } from "./lapses";

export const WIDTH = 1000;
export const HEIGHT = 72;
export const BASE = 56;
/** For the number above the highest bar. */
const HEAD_ROOM = 14;
const LOWEST = 6;
/** A lone day may be missed by so much. */
const REACH = 6;
const WIDEST = 12;
/** Of a digit, at the size in which numbers are written there. */
const DIGIT = 7;

export interface Bar {
  lapse: Lapse;
  x: number;
  width: number;
  height: number;
  /** How much of the height, from below, lapses when nobody may be there. */
  off: number;
  /** What is pressed for it: never what lies nearer to another. */
  left: number;
  right: number;
  /** Its number does not run into others. */
  hasNumber: boolean;
  /** Where the middle of its number stands: within the picture. */
  numberAt: number;
}

export function barsOf(all: readonly Lapse[]): Bar[] {
  const most = Math.max(1, ...all.map(({ tokens }) => tokens.length));
  const middle = (lapse: Lapse | undefined) => (lapse ? ((lapse.from + lapse.until) / 2) * WIDTH : null);
  return all.map((lapse, place) => {
    const x = middle(lapse) ?? 0;
    const [before, after] = [all[place - 1], all[place + 1]];
    const [left, right] = reachOf(lapse, before, after, x);
    const count = lapse.tokens.length;
    const height = LOWEST + (count / most) * (BASE - HEAD_ROOM - LOWEST);
    const room = Math.min(...[middle(before), middle(after)].map((at) => (at === null ? WIDTH : Math.abs(at - x))));
    const written = String(count).length * DIGIT;
    return {
      lapse,
      x,
      width: Math.min(WIDEST, (right - left) * 0.7),
      height,
      off: (height * lapse.tokens.filter(isOff).length) / count,
      left,
      right,
      hasNumber: count > 1 && written <= room,
      numberAt: Math.min(Math.max(x, written / 2), WIDTH - written / 2),
    };
  });
}

/** Its own stretch, and a bit more where nothing else is near. */
function reachOf(own: Lapse, before: Lapse | undefined, after: Lapse | undefined, x: number): [number, number] {
  const half = (one: number, other: number) => ((one + other) / 2) * WIDTH;
  const left = Math.max(x - REACH, before ? half(before.until, own.from) : 0);
  const right = Math.min(x + REACH, after ? half(own.until, after.from) : WIDTH);
  return [Math.min(left, own.from * WIDTH), Math.max(right, Math.min(own.until, 1) * WIDTH)];
}
