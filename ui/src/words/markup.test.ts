// No markup holds words of its own, and no style knows left from right: the first would stay English, the second would
// stand on the wrong side in Arabic.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "svelte/compiler";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const files = readdirSync(ROOT, { recursive: true, encoding: "utf8" })
  .filter((path) => !path.startsWith("fixtures/"))
  .filter((path) => /\.(svelte|css)$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));
const components = files.filter(({ path }) => path.endsWith(".svelte"));

/** Attributes and properties that a person reads or hears. */
const SPOKEN = new Set([
  ...["aria-label", "aria-description", "aria-placeholder", "aria-roledescription", "aria-valuetext"],
  ...["alt", "title", "placeholder", "label", "hint", "lead", "body"],
]);

type Node = Partial<Record<string, unknown>>;

/** Each node of a component's markup, outer ones first; below those of which `isDone` says so nothing more. */
function* nodes(of: unknown, isDone: (node: Node) => boolean = () => false): Generator<Node> {
  if (Array.isArray(of)) for (const one of of) yield* nodes(one, isDone);
  if (Array.isArray(of) || typeof of !== "object" || of === null || isDone(of)) return;
  yield of;
  for (const [key, child] of Object.entries(of)) if (key !== "parent") yield* nodes(child, isDone);
}

const markupOf = (component: string) => parse(component, { modern: true }).fragment;
const isUnspoken = ({ type, name }: Node) => type === "Attribute" && !SPOKEN.has(String(name));

function literalWords(component: string): string[] {
  const shown = [...nodes(markupOf(component), isUnspoken)].flatMap((node) => {
    if (node["type"] === "Text") return [String(node["data"])];
    // Words in an expression: {"Delete"}, {`Delete ${name}`}, {isBusy ? "Deleting" : "Delete"}.
    return node["type"] === "ExpressionTag" ? quoted(node["expression"]) : [];
  });
  // A dot in the middle reads as a zero beside Arabic digits: `joined` knows what stands between.
  return shown.filter((text) => /[\p{L}·]/u.test(text));
}

/** What an expression shows of its own: its strings, without those that it hands to a function or compares with. */
function quoted(expression: unknown): string[] {
  const { type, ...node } = expression as Record<string, unknown> & { type: string };
  if (type === "Literal") return typeof node["value"] === "string" ? [node["value"]] : [];
  if (type === "TemplateLiteral") {
    const pieces = node["quasis"] as { value: { cooked: string } }[];
    return [...pieces.map((piece) => piece.value.cooked), ...(node["expressions"] as unknown[]).flatMap(quoted)];
  }
  if (type === "ConditionalExpression") return [node["consequent"], node["alternate"]].flatMap(quoted);
  if (type === "LogicalExpression" || (type === "BinaryExpression" && node["operator"] === "+")) {
    return [node["left"], node["right"]].flatMap(quoted);
  }
  return [];
}

test.each(components)("$path holds no words of its own", ({ text }) => {
  expect(literalWords(text)).toEqual([]);
});

test.each([
  ["<p>Delete</p>", ["Delete"]],
  ['<p>{"Delete"} {say("delete")}</p>', ["Delete"]],
  ["<p>{`Delete ${name}`}</p>", ["Delete "]],
  ['<p>{isBusy ? "Deleting" : say("delete")}</p>', ["Deleting"]],
  ['<button aria-label="Delete"></button>', ["Delete"]],
  ["<button aria-label={`Delete ${name}`}></button>", ["Delete "]],
  ['<Field label="Name" />', ["Name"]],
  ["<p>{count} · {name}</p>", [" · "]],
  ['<p class="quiet">{say("name")} ({name})</p>', []],
  ['<p class={isLarge ? "large" : "small"}>{name ?? "…"}</p>', []],
])("%s: found are %s", (markup, found) => {
  expect(literalWords(markup)).toEqual(found);
});

/** Whether the right differs from the left: the second and fourth of four sides. */
function isLopsided(value: string): boolean {
  const [, right, , left] = value.replace(/\([^()]*\)/g, "()").split(/\s+/);
  return left !== undefined && left !== right;
}

const SIDED = /^(margin|padding|inset|border-(width|style|color)|scroll-(margin|padding))$/;

function physical(style: string): string[] {
  const css = style.replace(/\/\*[^]*?\*\//g, "");
  return [...css.matchAll(/(?:^|[\s{;])([a-z-]+):\s*([^;{}]+);/g)]
    .filter(([, name = "", value = ""]) => {
      const isNamed = /(^|-)(left|right)(-|$)/.test(name) || /(^|\s)(left|right)($|\s)|translateX/.test(value);
      return isNamed || (SIDED.test(name) && isLopsided(value));
    })
    .map(([, name, value]) => `${name}: ${value}`);
}

const styleOf = ({ path, text }: { path: string; text: string }) =>
  path.endsWith(".css") ? text : (/<style>([^]*)<\/style>/.exec(text)?.[1] ?? "");

test.each(files)("$path knows no left and no right", (file) => {
  expect(physical(styleOf(file))).toEqual([]);
});

test("what floats knows in which direction its language runs", () => {
  // bits-ui puts it on the left otherwise, and says so in an attribute that overrules the page's.
  const FLOAT = /^(Popover\.Content|(Dropdown|Context)Menu\.Root|Select\.Content)$/;
  const floats = components.flatMap(({ path, text }) =>
    [...nodes(markupOf(text))]
      .filter(({ type, name }) => type === "Component" && FLOAT.test(String(name)))
      .map(({ attributes, name }) => {
        const told = (attributes as { start: number; end: number }[]).map(({ start, end }) => text.slice(start, end));
        return { path, name, isTold: told.includes("dir={traits().direction}") };
      }),
  );
  expect(floats.length).toBeGreaterThan(2);
  expect(floats.filter(({ isTold }) => !isTold)).toEqual([]);
});

test.each([
  ["a { margin-left: 4px; }", ["margin-left: 4px"]],
  ["a { left: 0; }", ["left: 0"]],
  ["a { border-top-right-radius: 0; }", ["border-top-right-radius: 0"]],
  ["a { text-align: right; }", ["text-align: right"]],
  ["a { transform: translateX(4px); }", ["transform: translateX(4px)"]],
  ["a { padding: 0 6px 0 0; }", ["padding: 0 6px 0 0"]],
  ["a { padding: 4px calc(1px + 2px) 8px 3px; }", ["padding: 4px calc(1px + 2px) 8px 3px"]],
  ["a { padding: 4px 6px 8px 6px; margin: 0 auto; inset-inline-start: 0; text-align: start; }", []],
])("%s: found are %s", (style, found) => {
  expect(physical(style)).toEqual(found);
});
