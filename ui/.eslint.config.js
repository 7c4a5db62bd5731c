// What the compiler and svelte-check do not hold: which room may know which, and who may speak to Rust.
import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

/** A room may import from itself and from these; the rooms of subjects do not know each other. */
const MAY_KNOW = {
  words: [],
  theme: ["ipc"],
  ipc: ["words"],
  controls: ["words"],
  permissions: ["controls", "ipc", "words"],
  tokens: ["controls", "ipc", "permissions", "theme", "words"],
  profile: ["controls", "ipc", "permissions", "words"],
  preferences: ["controls", "ipc", "words"],
  shell: ["controls", "ipc", "preferences", "profile", "theme", "tokens", "words"],
};
const ROOMS = [...Object.keys(MAY_KNOW), "fixtures"];
const TESTS = ["src/**/*.test.ts", "src/fixtures/**"];
const rust = {
  group: ["@tauri-apps/*"],
  message: "Whoever needs Rust calls a wrapper in ipc/.",
};

export default ts.config(
  { ignores: ["dist", "src/ipc/generated", "src/words/generated"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...ts.configs.stylistic,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    rules: {
      "svelte/no-at-html-tags": "error",
      "svelte/no-inline-styles": "error",
      "no-console": "error",
      eqeqeq: "error",
      "@typescript-eslint/consistent-type-imports": "error",
      // Svelte's own properties and promises that are let go by `void` are meant.
      "@typescript-eslint/no-empty-function": "off",
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/unified-signatures": "off",
    },
  },
  { files: ["src/*.ts", "src/*.svelte"], rules: { "no-restricted-imports": ["error", { patterns: [rust] }] } },
  ...Object.entries(MAY_KNOW).map(([room, known]) => ({
    files: [`src/${room}/**`],
    ignores: TESTS,
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            ...ROOMS.filter((other) => other !== room && !known.includes(other)).map((other) => ({
              group: [`**/${other}/**`],
              message: `${room}/ does not know ${other}/.`,
            })),
            ...(room === "ipc" ? [] : [rust]),
          ],
        },
      ],
    },
  })),
);
