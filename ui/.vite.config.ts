// How the UI is built, served for pictures, and tested. A dotfile, as all tool settings here are.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig(({ mode }) => ({
  // Relative addresses: the built pages work at whatever origin the shell serves them.
  base: "./",
  plugins: [svelte({ configFile: false })],
  // The page with a made-up NMS is served in its own mode and is no part of the product.
  ...(mode === "fixtures" ? { root: "src/fixtures" } : {}),
  cacheDir: new URL("node_modules/.vite", import.meta.url).pathname,
  build: {
    // WebKitGTK 2.50 is what ships; older targets only make the bundle larger.
    target: "safari26",
    // An asset inlined as data: would be refused by the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    ...(mode === "fixtures" ? { outDir: "../../node_modules/.fixtures", emptyOutDir: true } : {}),
  },
  server: { port: 5183, strictPort: true },
  resolve: process.env["VITEST"] ? { conditions: ["browser"] } : {},
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.ts"],
    setupFiles: ["src/fixtures/setup.ts"],
    restoreMocks: true,
    css: false,
    testTimeout: 30_000,
    // By itself one processor of two stays idle.
    maxWorkers: "100%",
    env: { TZ: "Europe/Berlin", LANG: "en_GB.UTF-8" },
  },
}));
