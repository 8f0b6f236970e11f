// The options that only the runner has: the server's life, the run folder. Node only.
//
// Same form as lib/core/options/options.ts; flags are bench.py's where bench.py has one.
import { defineOptions } from "../../lib/core/options/option.ts";
import { STAMP_SOURCES } from "../../lib/core/request/facts.ts";
import { ENGINE_NAMES } from "./engines.ts";

export const RUNNER_OPTIONS = defineOptions({
  config: {
    kind: "path",
    group: "server",
    text: "YAML file, or folder with targets.yaml, models.yaml and workloads.yaml; default: server-bench.yaml, or ./configs, in the current directory",
    brief: "YAML file [server-bench.yaml]",
  },
  target: {
    kind: "text",
    group: "server",
    isList: true,
    text: "name of a server in these files; comma-separated; every combination with `--model` and `--workload` is run",
  },
  scenario: {
    kind: "text",
    group: "load",
    default: "script",
    text: "what k6 runs: a scenario of this project by name, the path of a k6 script, or of your own scenario (`.ts`)",
  },
  repeat: {
    kind: "count",
    group: "load",
    default: 1,
    text: "repeats the load N times on one warm server; shows median and range",
    brief: "repeat the load; shows median and range",
  },
  stamps: {
    kind: "choice",
    group: "load",
    choices: ["auto", ...STAMP_SOURCES],
    default: "auto",
    text: "where times of tokens come from: `packet` (each TCP segment, needs CAP_NET_RAW), `kernel` (each read), `user` (the client's own clock); `auto`: the best that this process may use",
  },
  clientPriority: {
    kind: "choice",
    group: "load",
    choices: ["auto", "realtime", "autogroup", "none"],
    default: "auto",
    text: "how k6 gets the processor before other programs of this machine (Linux): `realtime` (round robin), `autogroup` (its session is preferred), `none` (it shares the session of a server that the run starts), `auto` (the first of these that is permitted)",
  },
  throughputOnly: {
    kind: "switch",
    group: "runFolder",
    variable: false,
    default: false,
    text: "print requests and tokens per second and nothing else; the run folder has the rest",
  },
  quiet: {
    kind: "switch",
    group: "runFolder",
    variable: false,
    default: false,
    text: "print nothing but the run folder's path; warnings and errors still go to stderr, notices and progress do not",
    brief: "print the run folder's path alone",
  },
  json: {
    kind: "switch",
    group: "runFolder",
    variable: false,
    default: false,
    text: "print summary.json and nothing else, with `--repeat` an array with one for each run; notices still go to stderr",
    brief: "print summary.json and nothing else",
  },
  append: {
    kind: "path",
    group: "runFolder",
    text: "add a row to this CSV file, with the columns of summary.csv; a new file gets the header; a file with another header is refused before the run",
  },
  httpDebug: {
    kind: "choice",
    group: "runFolder",
    variable: false,
    choices: ["brief", "full"],
    placeholder: "[full]",
    bare: "brief",
    text: "write each HTTP request and response into k6.log; `full` with bodies",
  },
  apiKeyFile: {
    kind: "path",
    group: "server",
    text: "file with the key in its first line, instead of `SERVER_BENCH_API_KEY`",
  },
  headers: {
    kind: "words",
    group: "server",
    flag: "header",
    secret: true,

    // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of a variable in a header
    text: "a header of each request, repeatable: `--header 'X-Team: search'`, or `'X-Key: ${MY_KEY}'` for the value of a variable, so it does not appear in the process list",
  },
  caFile: {
    kind: "path",
    group: "server",
    text: "PEM file of the authority that signed the server's certificate, trusted in addition to the system's (Linux)",
  },
  insecure: {
    kind: "switch",
    group: "server",
    default: false,
    text: "accept any server certificate (no verification)",
  },
  litellmConfig: {
    kind: "path",
    group: "server",
    text: "YAML file of a LiteLLM proxy: the runner asks `--url` for its models and chooses one",
  },
  model: {
    kind: "text",
    group: "server",
    isList: true,
    text: "model to serve: a GGUF file; with `--engine` and `--server-command` the value of their `{model}`; with `--url` the name of the model to ask for; with `--target` a name in its files, or of a model",
    brief: "GGUF file to serve, or the model's name at --url",
  },
  hfRepo: {
    kind: "text",
    group: "server",
    text: "Hugging Face repository from which llama-server downloads the model",
    brief: "Hugging Face repository to download from",
  },
  hfFile: {
    kind: "text",
    group: "server",
    text: "file in that repository; default: the choice of llama-server",
  },
  modelPathPrefix: {
    kind: "path",
    group: "server",
    text: "folder for downloads of llama-server; default: its own cache folder",
  },
  engine: {
    kind: "choice",
    group: "startedServer",
    choices: ENGINE_NAMES,
    text: "start this engine, which must be installed, with the `--model` of that name or path",
  },
  engineArgs: {
    kind: "words",
    group: "startedServer",
    flag: "engine-arg",
    text: 'any further argument of the engine, repeatable, in shell syntax: `--engine-arg "--max-model-len 4096"`',
  },
  serverCommand: {
    kind: "text",
    group: "startedServer",
    text: "shell command that starts the server to measure; `{port}`, `{host}` and `{model}` are filled in",
  },
  serverReady: {
    kind: "text",
    group: "startedServer",
    text: "path of the started server that answers 200 once it is ready; default: `/health`, and `/v1/models` if the server has no `/health`",
  },
  serverStop: {
    kind: "text",
    group: "startedServer",
    text: "shell command that stops the started server, before SIGTERM and SIGKILL; with it the start command may return while the server runs on",
  },
  serverEnv: {
    kind: "words",
    group: "startedServer",
    secret: true,
    text: "a variable for the server that the run starts, including llama-server, repeatable: `--server-env CUDA_VISIBLE_DEVICES=1`",
  },
  serverName: {
    kind: "text",
    group: "startedServer",
    text: "name of the started server in results; default: the engine, or the command's program or script",
  },
  host: {
    kind: "text",
    group: "startedServer",
    default: "127.0.0.1",
    text: "address on which the started server listens",
  },
  port: {
    kind: "count",
    group: "startedServer",
    text: "port on which the started server listens; default: a free one",
  },
  parallel: {
    kind: "count",
    group: "llamaServer",
    default: 8,
    text: "slots of llama-server: the requests that it processes at the same time",
    brief: "slots of llama-server",
  },
  ctxSize: {
    kind: "whole",
    group: "llamaServer",
    text: "context of llama-server in tokens, shared by its slots; default: the model's",
    brief: "context of llama-server, shared by its slots",
  },
  batchSize: {
    kind: "count",
    group: "llamaServer",
    text: "logical batch of llama-server in tokens; default: llama-server's",
  },
  ubatchSize: {
    kind: "count",
    group: "llamaServer",
    text: "physical batch of llama-server in tokens; default: llama-server's",
  },
  nGpuLayers: {
    kind: "text",
    group: "llamaServer",
    text: "layers of the model on the GPU: a number, `auto` or `all`; default: llama-server's",
    brief: "layers on the GPU: n, auto or all",
  },
  llamaServerArgs: {
    kind: "words",
    group: "llamaServer",
    flag: "llama-server-arg",
    mayStartWithDash: true,
    text: 'any further argument of llama-server, repeatable: `--llama-server-arg "--flash-attn on"`',
  },
  readyTimeout: {
    kind: "seconds",
    group: "startedServer",
    default: 300,
    text: "longest wait until the server is ready, including the download of the model",
  },
  name: {
    kind: "text",
    group: "runFolder",
    default: "local",
    text: "name of the run; part of the run folder's name",
    brief: "name of the run",
  },
  runnerLabel: {
    kind: "text",
    group: "runFolder",
    text: "label of the machine, for comparing runs",
  },
  branch: {
    kind: "text",
    group: "runFolder",
    text: "git branch under test; default: that of the current directory",
  },
  commit: {
    kind: "text",
    group: "runFolder",
    text: "git commit under test; default: that of the current directory",
  },
  listen: {
    kind: "text",
    group: "runFolder",
    text: "HOST:PORT, or a port of this machine, on which the runner serves live charts and its own `/metrics` for Prometheus while it runs; port 0 for a free one",
    brief: "serve live charts while the run lasts",
  },
  output: {
    kind: "path",
    group: "runFolder",
    default: "runs",
    text: "folder in which run folders are created",
    brief: "where run folders go",
  },
  llamaServerPath: {
    kind: "path",
    group: "llamaServer",
    flag: false,
    variable: "LLAMA_SERVER_BIN_PATH",
    text: "the llama-server program; default: the one in PATH, then the one that setup installed",
  },
  k6Path: {
    kind: "path",
    group: "runFolder",
    flag: false,
    variable: "BENCH_K6_BIN_PATH",
    text: "the k6 program with the extension; default: bin/k6 of this project",
  },
});
