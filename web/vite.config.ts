import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Writes `.br` and `.gz` beside every asset, so that the server never compresses anything. */
function precompressed(): Plugin {
  return {
    name: "precompressed",
    generateBundle(_options, bundle) {
      for (const [name, output] of Object.entries(bundle)) {
        if (!/\.(js|css|svg)$/.test(name)) continue;
        const content = output.type === "chunk" ? output.code : output.source;
        const bytes = Buffer.from(content as string | Uint8Array);
        const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
        this.emitFile({
          type: "asset",
          fileName: `${name}.br`,
          source: brotliCompressSync(bytes, quality),
        });
        this.emitFile({
          type: "asset",
          fileName: `${name}.gz`,
          source: gzipSync(bytes, { level: 9 }),
        });
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
