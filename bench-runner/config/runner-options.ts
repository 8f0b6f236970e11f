// The options that only the runner has: the server's life, the run folder. Node only.
//
// Same form as lib/core/options/options.ts; flags are bench.py's where bench.py has one.
import type { OptionSpec } from "../../lib/core/options/options.ts";
import { ENGINE_NAMES } from "./engines.ts";

export const RUNNER_OPTIONS = {
  config: { kind: "path", flag: "config", variable: "SERVER_BENCH_CONFIG" },
  target: { kind: "text", flag: "target", variable: "SERVER_BENCH_TARGET" },
  scenario: { kind: "text", flag: "scenario", variable: "SERVER_BENCH_SCENARIO", default: "script" },
  repeat: { kind: "count", flag: "repeat", variable: "SERVER_BENCH_REPEAT", default: 1 },
  throughputOnly: { kind: "switch", flag: "throughput-only", default: false },
  quiet: { kind: "switch", flag: "quiet", default: false },
  json: { kind: "switch", flag: "json", default: false },
  append: { kind: "path", flag: "append", variable: "SERVER_BENCH_APPEND" },
  httpDebug: { kind: "choice", flag: "http-debug", choices: ["brief", "full"] },

  apiKeyFile: { kind: "path", flag: "api-key-file", variable: "SERVER_BENCH_API_KEY_FILE" },
  headers: { kind: "words", flag: "header", variable: "SERVER_BENCH_HEADERS", secret: true },
  caFile: { kind: "path", flag: "ca-file", variable: "SERVER_BENCH_CA_FILE" },
  insecure: { kind: "switch", flag: "insecure", variable: "SERVER_BENCH_INSECURE", default: false },
  litellmConfig: { kind: "path", flag: "litellm-config", variable: "SERVER_BENCH_LITELLM_CONFIG" },

  model: { kind: "text", flag: "model", variable: "SERVER_BENCH_MODEL" },
  hfRepo: { kind: "text", flag: "hf-repo", variable: "SERVER_BENCH_HF_REPO" },
  hfFile: { kind: "text", flag: "hf-file", variable: "SERVER_BENCH_HF_FILE" },
  modelPathPrefix: {
    kind: "path",
    flag: "model-path-prefix",
    variable: "SERVER_BENCH_MODEL_PATH_PREFIX",
  },
  engine: { kind: "choice", flag: "engine", variable: "SERVER_BENCH_ENGINE", choices: ENGINE_NAMES },
  engineArgs: { kind: "words", flag: "engine-arg", variable: "SERVER_BENCH_ENGINE_ARGS" },
  serverCommand: { kind: "text", flag: "server-command", variable: "SERVER_BENCH_SERVER_COMMAND" },
  serverReady: { kind: "text", flag: "server-ready", variable: "SERVER_BENCH_SERVER_READY" },
  serverStop: { kind: "text", flag: "server-stop", variable: "SERVER_BENCH_SERVER_STOP" },
  serverEnv: { kind: "words", flag: "server-env", variable: "SERVER_BENCH_SERVER_ENV", secret: true },
  serverName: { kind: "text", flag: "server-name", variable: "SERVER_BENCH_SERVER_NAME" },
  host: { kind: "text", flag: "host", variable: "SERVER_BENCH_HOST", default: "127.0.0.1" },
  port: { kind: "count", flag: "port", variable: "SERVER_BENCH_PORT" },
  parallel: { kind: "count", flag: "parallel", variable: "SERVER_BENCH_PARALLEL", default: 8 },
  ctxSize: { kind: "whole", flag: "ctx-size", variable: "SERVER_BENCH_CTX_SIZE" },
  batchSize: { kind: "count", flag: "batch-size", variable: "SERVER_BENCH_BATCH_SIZE" },
  ubatchSize: { kind: "count", flag: "ubatch-size", variable: "SERVER_BENCH_UBATCH_SIZE" },
  nGpuLayers: { kind: "text", flag: "n-gpu-layers", variable: "SERVER_BENCH_N_GPU_LAYERS" },
  llamaServerArgs: { kind: "words", flag: "llama-server-arg", variable: "SERVER_BENCH_LLAMA_SERVER_ARGS" },
  readyTimeout: {
    kind: "seconds",
    flag: "ready-timeout",
    variable: "SERVER_BENCH_READY_TIMEOUT",
    default: 300,
  },

  name: { kind: "text", flag: "name", variable: "SERVER_BENCH_NAME", default: "local" },
  runnerLabel: { kind: "text", flag: "runner-label", variable: "SERVER_BENCH_RUNNER_LABEL" },
  branch: { kind: "text", flag: "branch", variable: "SERVER_BENCH_BRANCH" },
  commit: { kind: "text", flag: "commit", variable: "SERVER_BENCH_COMMIT" },
  listen: { kind: "text", flag: "listen", variable: "SERVER_BENCH_LISTEN" },
  output: { kind: "path", flag: "output", variable: "SERVER_BENCH_OUTPUT", default: "runs" },

  llamaServerPath: { kind: "path", variable: "LLAMA_SERVER_BIN_PATH" },
  k6Path: { kind: "path", variable: "BENCH_K6_BIN_PATH" },
} as const satisfies Record<string, OptionSpec>;

/** What each option means, one sentence each; the default that depends on another option is told here. */
export const RUNNER_OPTION_DOCS = {
  config:
    "YAML file, or folder with targets.yaml, models.yaml and workloads.yaml; default: server-bench.yaml, or ./configs, of the folder you stand in",
  target:
    "name of a server in these files; several with commas, as of `--model` and `--workload`: each of them with each",
  scenario:
    "what k6 runs: a scenario of this project by name, the path of a k6 script, or of a scenario of your own (`.ts`)",
  httpDebug: "write each HTTP request and answer into k6.log; `full` with bodies",
  repeat: "runs the same load so many times on one warm server, and shows the middle and the range",
  throughputOnly: "prints requests and tokens per second and nothing else; the run folder has the rest",
  quiet:
    "prints nothing but the run folder's path; warnings and errors still go to stderr, notices and progress do not",
  json: "prints summary.json and nothing else, with `--repeat` an array with one of each run; notices still go to stderr",
  append:
    "adds a row to this CSV file, with the columns of summary.csv; a new file gets the header, one with another header is refused before the run",
  apiKeyFile: "file with the key in its first line, instead of `SERVER_BENCH_API_KEY`",
  headers:
    // biome-ignore lint/suspicious/noTemplateCurlyInString: so a variable is written
    "a header of each request, repeatable: `--header 'X-Team: search'`, or `'X-Key: ${MY_KEY}'` for the value of a variable, which no process list shows",
  caFile:
    "PEM file of the authority that signed the server's certificate, trusted besides the system's (Linux)",
  insecure: "takes any certificate of the server, without a check",
  litellmConfig: "YAML file of a LiteLLM proxy: `--url` is asked for its models, one of which is chosen",
  model:
    "what is served: a GGUF file; with `--engine` and `--server-command` what their `{model}` stands for; with `--url` the name of the model to ask for; with `--target` a name in its files, or of a model",
  hfRepo: "Hugging Face repository from which llama-server downloads the model",
  hfFile: "file in that repository; default: llama-server's own choice",
  modelPathPrefix: "folder for what llama-server downloads; default: its own cache folder",
  engine: "starts this engine, which must be installed, with the `--model` of that name or path",
  engineArgs:
    'any further argument of the engine, repeatable, as the shell takes it: `--engine-arg "--max-model-len 4096"`',
  serverCommand:
    "one line for the shell that starts the server to measure; `{port}`, `{host}` and `{model}` are filled in",
  serverReady:
    "path of the started server that answers 200 once it is ready; default: `/health`, and `/v1/models` where there is none",
  serverStop:
    "one line for the shell that ends the started server, before SIGTERM and SIGKILL; with it the command may return while the server runs on",
  serverEnv:
    "a variable of the server that is started here, llama-server too, repeatable: `--server-env CUDA_VISIBLE_DEVICES=1`",
  serverName: "what results call the started server; default: the engine, or the command's program or script",
  host: "address on which the started server listens",
  port: "port on which the started server listens; default: a free one",
  parallel: "slots of llama-server: requests that it works on at the same time",
  ctxSize: "context of llama-server in tokens, shared by its slots; default: the model's",
  batchSize: "logical batch of llama-server in tokens; default: llama-server's",
  ubatchSize: "physical batch of llama-server in tokens; default: llama-server's",
  nGpuLayers: "layers of the model on the GPU: a number, `auto` or `all`; default: llama-server's",
  llamaServerArgs: 'any further argument of llama-server, repeatable: `--llama-server-arg "--flash-attn on"`',
  readyTimeout: "longest wait until the server is ready, download of the model included",
  name: "name of the run; part of the run folder's name",
  runnerLabel: "label of the machine, for comparing runs",
  branch: "git branch that is measured; default: that of the folder you stand in",
  commit: "git commit that is measured; default: that of the folder you stand in",
  listen:
    "HOST:PORT or a port of this machine on which the runner serves, while it runs, live charts and its own `/metrics` for Prometheus; port 0 for a free one",
  output: "folder in which the run folders are made",
  llamaServerPath: "the llama-server program; default: that on PATH, then the one that setup fetched",
  k6Path: "the k6 program with the extension; default: bin/k6 of this project",
} as const satisfies Record<keyof typeof RUNNER_OPTIONS, string>;

/** Headings of `--help` and of the README's table, in order; each option stands under exactly one. */
export const OPTION_GROUPS: readonly { heading: string; options: readonly string[] }[] = [
  {
    heading: "The server",
    options: [
      ...["config", "target"],
      ...["model", "hfRepo", "hfFile", "modelPathPrefix", "url", "ab", "modelAlias", "litellmConfig"],
      ...["apiKey", "apiKeyFile", "headers", "caFile", "insecure"],
    ],
  },
  {
    heading: "Load",
    options: ["scenario", "workload", "iterations", "duration", "repeat", "warmConnections"],
  },
  {
    heading: "Closed loop: so many clients",
    options: ["vus", "sleep", "rampUp", "rampShape", "stages", "threadStopTime"],
  },
  {
    heading: "Open loop: requests when they are due",
    options: [
      ...["rate", "rateStages", "arrivals", "burstiness", "maxConcurrency", "whenBusy"],
      ...["arrivalsFunction", "timeStep", "skipIdleMin"],
      ...["trace", "traceFormat", "traceSpeed", "traceFrom", "traceFor"],
    ],
  },
  {
    heading: "What is measured of it",
    options: ["warmupRequests", "warmupTime", "cooldownRequests", "cooldownTime"],
  },
  {
    heading: "Prompts",
    options: [
      ...["dataset", "datasetFormat", "datasetColumn", "allowPartial", "nPrompts", "order", "seed"],
      ...["maxPromptTokens", "maxContext", "promptType", "mix", "whenOut", "tokenizer"],
    ],
  },
  { heading: "Prompts made up", options: ["promptTokens", "prefixTokens", "prefixGroups"] },
  { heading: "Conversations", options: ["maxTurns", "history", "thinkTime"] },
  {
    heading: "Requests",
    options: [
      ...[
        "endpoint",
        "mode",
        "maxTokens",
        "outputTokens",
        "outputLength",
        "systemPrompt",
        "systemPromptFile",
      ],
      ...["temperature", "topP", "topK", "minP", "presencePenalty", "frequencyPenalty", "stop"],
      ...["responseFormat", "tools", "extraBody", "cachePrompt"],
    ],
  },
  {
    heading: "Timeouts",
    options: ["connectTimeout", "headersTimeout", "firstTokenTimeout", "idleTimeout", "totalTimeout"],
  },
  { heading: "What must hold", options: ["slo", "require", "abortOn", "truncatedLimit"] },
  { heading: "Users who leave", options: ["abortShare", "abortAfterMs", "abortAfterTokens"] },
  {
    heading: "A server that a command starts",
    options: [
      ...["engine", "engineArgs", "serverCommand", "serverReady", "serverStop", "serverEnv", "serverName"],
      ...["host", "port", "readyTimeout"],
    ],
  },
  {
    heading: "llama-server",
    options: [
      "parallel",
      "ctxSize",
      "batchSize",
      "ubatchSize",
      "nGpuLayers",
      "llamaServerArgs",
      "llamaServerPath",
    ],
  },
  {
    heading: "The run and its folder",
    options: [
      ...["name", "runnerLabel", "branch", "commit", "output", "listen"],
      ...["throughputOnly", "quiet", "json", "append", "itlSamples", "httpDebug", "k6Path"],
    ],
  },
];
