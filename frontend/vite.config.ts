import { defineConfig } from "vitest/config";

export default defineConfig({
  base: "/static/",
  build: {
    outDir: "dist",
    manifest: "manifest.json",
    target: "es2020",
    modulePreload: { polyfill: false },
    rollupOptions: { input: "islands/main.ts" },
  },
  test: { environment: "happy-dom", include: ["islands/**/*.test.ts"] },
});
