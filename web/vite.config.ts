import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Writes `.br` and `.gz` beside every asset, so that the server never compresses anything. */
function precompressed(): Plugin {
  return {
    name: "precompressed",
    // From the files as they were written: other plugins change them until the very end.
    writeBundle({ dir }) {
      const assets = join(dir ?? "", "assets");
      for (const name of readdirSync(assets)) {
        if (!/\.(js|css|svg)$/.test(name)) continue;
        const path = join(assets, name);
        const bytes = readFileSync(path);
        const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
        writeFileSync(`${path}.br`, brotliCompressSync(bytes, quality));
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  base: "/static/",
  build: {
    outDir: "../src/handgrad/lab/static",
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rollupOptions: { input: ["src/main.ts", "src/theme.ts"] },
  },
  plugins: [precompressed()],
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
