// Where things stand in the picture of time, in its own units: bars, what is pressed for them, and their numbers.
import { isOff, type Lapse } from "./lapses";

/** As long as it is not known how wide it is shown. */
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

/** `width`: of the picture, in pixels, so that what is written in it has the size of all other text. */
export function barsOf(all: readonly Lapse[], whole = WIDTH): Bar[] {
  const most = Math.max(1, ...all.map(({ tokens }) => tokens.length));
  const middle = (lapse: Lapse | undefined) => (lapse ? ((lapse.from + lapse.until) / 2) * whole : null);
  const bars = all.map((lapse, place) => {
    const x = middle(lapse) ?? 0;
    const [before, after] = [all[place - 1], all[place + 1]];
    const [left, right] = reachOf(lapse, before, after, x, whole);
    const count = lapse.tokens.length;
    const height = LOWEST + (count / most) * (BASE - HEAD_ROOM - LOWEST);
    const written = writtenOf(count);
    return {
      lapse,
      x,
      width: Math.min(WIDEST, (right - left) * 0.7),
      height,
      off: (height * lapse.tokens.filter(isOff).length) / count,
      left,
      right,
      hasNumber: false,
      numberAt: Math.min(Math.max(x, written / 2), whole - written / 2),
    };
  });
  return numbered(bars);
}

const writtenOf = (count: number) => String(count).length * DIGIT;

/** The highest have theirs first, and the others where there is room left beside them. */
function numbered(bars: Bar[]): Bar[] {
  const placed: { at: number; written: number }[] = [];
  const highest = [...bars].sort((one, other) => other.lapse.tokens.length - one.lapse.tokens.length);
  for (const bar of highest) {
    const written = writtenOf(bar.lapse.tokens.length);
    const isFree = placed.every((one) => Math.abs(one.at - bar.numberAt) >= (one.written + written) / 2);
    if (bar.lapse.tokens.length < 2 || !isFree) continue;
    bar.hasNumber = true;
    placed.push({ at: bar.numberAt, written });
  }
  return bars;
}

/** Its own stretch, and a bit more where nothing else is near. */
function reachOf(
  own: Lapse,
  before: Lapse | undefined,
  after: Lapse | undefined,
  x: number,
  whole: number,
): [number, number] {
  const half = (one: number, other: number) => ((one + other) / 2) * whole;
  const left = Math.max(x - REACH, before ? half(before.until, own.from) : 0);
  const right = Math.min(x + REACH, after ? half(own.until, after.from) : whole);
  return [Math.min(left, own.from * whole), Math.max(right, Math.min(own.until, 1) * whole)];
}
