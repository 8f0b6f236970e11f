// The fake server as a program that a user's command starts: `node test/run/started-server.ts --port N`, with what a test wants of it.
import { appendFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startFakeServer } from "../fake/fake-server.ts";

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    port: { type: "string" },
    model: { type: "string" },
    /** Milliseconds of loading, in which the paths of readiness answer 503. */
    "loads-for": { type: "string" },
    /** There is no /health: this path answers in its place. */
    "ready-path": { type: "string" },
    /** Gets a line with the body of each request for text, in their order, at the end. */
    bodies: { type: "string" },
    /** Writes lines and ends. */
    dies: { type: "boolean" },
    /** Ignores SIGTERM. */
    stubborn: { type: "boolean" },
  },
});
const text = (key: string) => (typeof values[key] === "string" ? (values[key] as string) : undefined);

// Should the test that started it be gone.
setTimeout(() => process.exit(1), 120_000).unref();
console.log(`arguments: ${JSON.stringify(process.argv.slice(2))} ${JSON.stringify(positionals)}`);
console.log(`GREETING is ${process.env.GREETING ?? "not set"}`);
if (values.dies === true) {
  for (let line = 1; line <= 30; line += 1) console.error(`line ${line} of its last words`);
  process.exit(7);
}

const missing = { status: 404 };
const own = text("ready-path");
const routes = own === undefined ? {} : { "/health": missing, "/v1/models": missing, [own]: { status: 200 } };
const loading = { "/health": { status: 503 }, ...(own !== undefined && { [own]: { status: 503 } }) };
const server = await startFakeServer({
  port: Number(text("port")),
  behaviour: { tokens: 6, tokenDelayMs: 5 },
  routes: text("loads-for") === undefined ? routes : { ...routes, ...loading },
  ...(text("model") !== undefined && { model: text("model") as string }),
});
process.on("SIGTERM", () => {
  if (values.stubborn === true) return console.log("SIGTERM is not for me");
  const bodies = text("bodies");
  if (bodies !== undefined) {
    appendFileSync(bodies, server.chats.map(({ body }) => `${JSON.stringify(body)}\n`).join(""));
  }
  process.exit(0);
});
console.log(`listening on ${server.url}`);
if (text("loads-for") !== undefined) {
  await delay(Number(text("loads-for")));
  server.setRoutes(routes);
}
