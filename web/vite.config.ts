/// <reference types="vitest/config" />
import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const backend = process.env.CLIENTELA_DEV_BACKEND ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": here("./src") } },
  build: {
    // The Python package serves this folder as it is.
    outDir: here("../src/clientela/web_dist"),
    emptyOutDir: true,
    manifest: true,
    target: "es2023",
    // Fonts and icons stay files: `img-src data:` is allowed, but a data: font is not.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // React and the data libraries change rarely; their own file stays in the browser's cache.
        advancedChunks: {
          groups: [
            { name: "react", test: /node_modules\/(react|react-dom|scheduler)\// },
            { name: "tanstack", test: /node_modules\/@tanstack\// },
          ],
        },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/v1": { target: backend, changeOrigin: false },
      "/live": { target: backend.replace(/^http/, "ws"), ws: true, changeOrigin: false },
    },
  },
  // The built app under the policy the product's server sends (platform/http/shell.py).
  preview: {
    host: "127.0.0.1",
    headers: {
      "Content-Security-Policy":
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
        "media-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
    },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: [here("./src/test-setup.ts")],
    css: false,
  },
});
