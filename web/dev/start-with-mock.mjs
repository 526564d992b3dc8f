// `npm run dev:mock`: the mock server on its own port, and Vite in front of it.
import { spawn } from "node:child_process";

const port = process.env.MOCK_PORT ?? "8041";
const mock = spawn(process.execPath, [new URL("mock-server.mjs", import.meta.url).pathname], {
  env: { ...process.env, PORT: port },
  stdio: "inherit",
});
const vite = spawn(
  process.execPath,
  [new URL("../node_modules/vite/bin/vite.js", import.meta.url).pathname, ...process.argv.slice(2)],
  {
    env: { ...process.env, CLIENTELA_DEV_BACKEND: `http://127.0.0.1:${port}` },
    stdio: "inherit",
  },
);
const stop = () => {
  mock.kill();
  vite.kill();
};
process.on("SIGINT", stop);
process.on("SIGTERM", stop);
vite.on("exit", stop);
mock.on("exit", stop);
