// Colours that stand on each other can be told apart (WCAG 1.4.3): text on every ground of its own, in light, dark and
// high contrast. Text is never made pale by opacity, which this could not see.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const css = readFileSync(join(import.meta.dirname, "theme.css"), "utf8");
const block = (head: string) => new RegExp(`^${head} \\{([^}]*)\\}`, "m").exec(css)?.[1] ?? "";
const ordinary = block(":root");
const more = block(':root\\[data-contrast="more"\\]');

/** `#rrggbb` of a property in light (0) or dark (1). */
function colour(name: string, scheme: number, isHigh: boolean): string {
  const line = new RegExp(`--${name}: ([^;]+);`);
  const value = (isHigh && line.exec(more)?.[1]) || line.exec(ordinary)?.[1] || "";
  const other = /^var\(--(\w[\w-]*)\)$/.exec(value)?.[1];
  return other ? colour(other, scheme, isHigh) : (value.match(/#[0-9a-f]{6}/g)?.[scheme] ?? value);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function ratio(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const PAIRS = [
  ["accent", "accent-soft"],
  ["text", "raised"],
  ["quiet", "raised"],
  ["quiet", "surface"],
  ["good", "good-soft"],
  ["warn", "warn-soft"],
  ["bad", "bad-soft"],
] as const;
const cases = PAIRS.flatMap(([text, ground]) =>
  ["light", "dark"].flatMap((name, scheme) => [false, true].map((isHigh) => ({ text, ground, name, scheme, isHigh }))),
);

test.each(cases)("$text on $ground, $name, high contrast: $isHigh", ({ text, ground, scheme, isHigh }) => {
  expect(ratio(colour(text, scheme, isHigh), colour(ground, scheme, isHigh))).toBeGreaterThanOrEqual(4.5);
});

test("the count on a chip has the colour of the chip, and no opacity", () => {
  const bar = readFileSync(join(import.meta.dirname, "../tokens/TokenBar.svelte"), "utf8");
  expect(bar).not.toContain("opacity");
});
