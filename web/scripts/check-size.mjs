// Fails the build when the first page's compressed JavaScript passes the budget.
import { readFileSync, rmSync } from "node:fs";
import { gzipSync } from "node:zlib";

const budget = 250_000;
const dist = new URL("../../src/clientela/web_dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));
const gz = (file) => gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;

/** Every script a page loads before it can be used: an entry and what it imports, statically. */
function scriptsOf(key, seen = new Set()) {
  const chunk = manifest[key];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const next of chunk.imports ?? []) scriptsOf(next, seen);
  return seen;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const pages = {
  login: ["src/routes/login.tsx"],
  inbox: ["src/routes/inbox.tsx"],
  settings: ["src/routes/settings.tsx"],
  ui: ["src/routes/ui.tsx"],
};
let failed = false;
for (const [name, keys] of Object.entries(pages)) {
  const files = scriptsOf(entry);
  for (const key of keys) {
    if (!manifest[key])
      throw new Error(`The page ${name} is no longer built from ${key}: update this script`);
    scriptsOf(key, files);
  }
  const bytes = [...files].reduce((sum, file) => sum + gz(file), 0);
  const first = name === "login" || name === "inbox";
  const over = first && bytes >= budget;
  failed ||= over;
  console.log(
    `${name.padEnd(9)} ${(bytes / 1000).toFixed(1).padStart(6)} kB gz JS in ${files.size} files${over ? `  OVER ${budget / 1000} kB` : ""}`,
  );
}
const css = [...new Set(Object.values(manifest).flatMap((chunk) => chunk.css ?? []))];
console.log(
  `css       ${(css.reduce((sum, file) => sum + gz(file), 0) / 1000).toFixed(1).padStart(6)} kB gz`,
);
// The server would hand it out like any other file, and nobody asks for it.
rmSync(new URL(".vite", dist), { recursive: true });
if (failed) process.exit(1);
