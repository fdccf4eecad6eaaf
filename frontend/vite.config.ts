import { defineConfig } from "vite";

export default defineConfig({
  base: "/static/",
  build: {
    outDir: "dist",
    manifest: "manifest.json",
    target: "es2020",
    rollupOptions: { input: "src/main.ts" },
  },
});
