// Ollama, built from its Go module, with the tiny model.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { UserError } from "../../../bench-runner/platform/user-error.ts";
import { choosePort } from "../../../bench-runner/servers/start/server-port.ts";
import { toReason } from "../../peers/process-group.ts";
import { type ProcessPlan, start } from "../../server-processes.ts";
import type { RealServer } from "../real-server.ts";
import { SERVERS_FOLDER } from "../servers-folder.ts";
import { makeTinyModel } from "../tiny-model.ts";
import { installTransformers } from "./transformers-serve.ts";

const VERSION = "v0.17.4";
const MODEL = "tiny";
const FOLDER = join(SERVERS_FOLDER, "ollama");
const PROGRAM = join(FOLDER, VERSION, "ollama");
const HEADERS = join(FOLDER, "vendor");
const LONGEST_MS = 3_600_000;

function planOllama(port: number): ProcessPlan {
  return {
    name: "ollama",
    file: PROGRAM,
    args: ["serve"],
    env: toEnvironment(port),
    readyUrl: `http://127.0.0.1:${port}/api/version`,
    readySeconds: 60,
  };
}

const toEnvironment = (port: number) => ({
  OLLAMA_HOST: `127.0.0.1:${port}`,
  OLLAMA_MODELS: join(FOLDER, "models"),
  OLLAMA_NUM_PARALLEL: "2",
  OLLAMA_CONTEXT_LENGTH: "2048",
  OLLAMA_KEEP_ALIVE: "30m",
  HOME: FOLDER,
});

/** Its C++ parts take a quarter of an hour. @throws UserError */
async function build(): Promise<void> {
  if (existsSync(PROGRAM)) return;
  mkdirSync(join(FOLDER, VERSION), { recursive: true });
  await fetchHeaders();
  await call("nice", ["-n", "19", "go", "install", `github.com/ollama/ollama@${VERSION}`], {
    GOBIN: join(FOLDER, VERSION),
    CGO_ENABLED: "1",
    CGO_CPPFLAGS: `-I${HEADERS}`,
    CGO_CXXFLAGS: "-O1",
  });
}

/** A Go module has no folder `vendor`, where llama.cpp keeps headers of others; its source in a Python package has it. */
async function fetchHeaders(): Promise<void> {
  if (existsSync(join(HEADERS, "nlohmann"))) return;
  mkdirSync(HEADERS, { recursive: true });
  const download = [
    "-m",
    "pip",
    "download",
    "--quiet",
    "--no-deps",
    "--no-binary",
    "llama-cpp-python",
    "--dest",
    FOLDER,
  ];
  await call("python3", [...download, "llama-cpp-python==0.3.36"]);
  const archive = readdirSync(FOLDER).find((name) => /^llama_cpp_python-.*\.tar\.gz$/.test(name)) ?? "";
  const inside = ["--strip-components=4", "--wildcards", "*/vendor/llama.cpp/vendor/*"];
  await call("tar", ["--extract", "--file", join(FOLDER, archive), "--directory", HEADERS, ...inside]);
}

/** Imports the model, by a server that runs as long as that takes. @throws UserError */
async function importModel(model: string): Promise<void> {
  const done = join(FOLDER, "models", "imported");
  if (existsSync(done)) return;
  const port = await choosePort("127.0.0.1", undefined);
  const stop = await start(planOllama(port), join(FOLDER, "import.log"));
  try {
    const file = join(FOLDER, "Modelfile");
    writeFileSync(file, `FROM ${model}\n`);
    await call(PROGRAM, ["create", MODEL, "--file", file], toEnvironment(port));
    writeFileSync(done, "");
  } finally {
    await stop();
  }
}

async function call(program: string, args: readonly string[], env?: Record<string, string>): Promise<void> {
  const { failed, all, message } = await execa(program, args, {
    ...{ all: true, reject: false, stdin: "ignore", timeout: LONGEST_MS },
    ...(env && { env }),
  });
  if (failed) throw new UserError(`is not installed: ${toReason(all || String(message))}`);
}

export const ollama: RealServer = {
  name: "Ollama",
  obtain: async () => {
    await build();
    await importModel(await makeTinyModel(await installTransformers()));
    return {
      version: VERSION.slice(1),
      plan: ({ server }) => [planOllama(server)],
      expected: {
        software: "Ollama",
        args: ["--model", MODEL],
        model: MODEL,
        apis: ["ollama", "chat", "completions", "messages", "responses"],
        hasCounters: false,
        takesChoices: false,
      },
    };
  },
};
