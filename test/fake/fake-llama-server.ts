// The fake server behind llama-server's command line, for tests of what the runner does with the program itself.
//
// FAKE_LLAMA_SERVER is JSON: { "behaviour": …, "readyAfterMs": 0, "diesAfterMs": …, "dies": "at_start" | "never_ready" }.
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type BehaviourSource, startFakeServer } from "./fake-server.ts";

export interface FakeLlamaServerSettings {
  behaviour?: BehaviourSource;
  /** `/health` answers 503 before. */
  readyAfterMs?: number;
  /** It ends itself as a crash would, by SIGABRT. */
  diesAfterMs?: number;
  /** Writes lines and exits with 1 instead of listening. */
  diesAtStart?: boolean;
  /** `/health` answers 503 for ever. */
  neverReady?: boolean;
  /** Ignores SIGTERM. */
  stubborn?: boolean;
}

const settings = JSON.parse(process.env.FAKE_LLAMA_SERVER ?? "{}") as FakeLlamaServerSettings;
const { values } = parseArgs({
  strict: false,
  options: { port: { type: "string" }, alias: { type: "string" } },
});

console.log(`arguments: ${JSON.stringify(process.argv.slice(2))}`);
// Should the test that started it be gone.
setTimeout(() => process.exit(1), 120_000).unref();
if (settings.diesAtStart === true) {
  for (let line = 1; line <= 30; line += 1) console.error(`line ${line} of its last words`);
  process.exit(1);
}
if (settings.stubborn === true) process.on("SIGTERM", () => console.log("SIGTERM is not for me"));

const loading = { "/health": { status: 503 } };
const isLoading = settings.neverReady === true || settings.readyAfterMs !== undefined;
const server = await startFakeServer({
  port: Number(values.port),
  model: String(values.alias),
  ...(settings.behaviour !== undefined && { behaviour: settings.behaviour }),
  ...(isLoading && { routes: loading }),
});
console.log(`listening on ${server.url}`);
if (settings.diesAfterMs !== undefined) {
  setTimeout(() => process.kill(process.pid, "SIGABRT"), settings.diesAfterMs);
}
if (settings.readyAfterMs !== undefined) {
  await delay(settings.readyAfterMs);
  server.setRoutes({});
}
