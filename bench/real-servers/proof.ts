// What is proven about a server: each proof is a run of the product against it, compared with the proxy and the server's counters.
import type { Endpoint } from "../../lib/core/apis/apis.ts";
import { type ClientResult, runK6, runRunner } from "./client.ts";
import { type Comparison, compareWithProxy } from "./compare.ts";
import type { CountingProxy } from "./counting-proxy.ts";
import type { Expected, Refusal } from "./real-server.ts";

export interface ProofContext {
  proxy: CountingProxy;
  expected: Expected;
  /** For the runs' own folders. */
  folder: string;
}

/** What came out; without problems it is proven. */
export interface ProofResult {
  /** What agreed, in a few words: requests, bytes, counters. */
  detail?: string;
  problems: string[];
}

export interface Proof {
  name: string;
  /** Why it does not apply to this server; undefined where it does. */
  leftOut?(expected: Expected): string | undefined;
  run(context: ProofContext): Promise<ProofResult>;
}

/** Short prompts and answers: what is looked at is the agreement, not the speed. */
const SMALL = ["--prompt-type", "short", "--n-prompts", "20", "--truncated-limit", "1"];
const TOKENS = ["--max-tokens", "12"];
const CLOSED = ["--vus", "2", "--iterations", "6"];

interface LoadProof {
  endpoint?: Endpoint;
  args: readonly string[];
  /** Requests that the load has. */
  requests: number;
  /** The client leaves all of them. */
  aborts?: boolean;
  isSync?: boolean;
}

/** A load through the runner: every request complete, counted alike by the proxy, and by the server where it counts. */
function proveLoad(load: LoadProof): Proof["run"] {
  return async (context) => {
    const { expected } = context;
    const endpoint = load.endpoint === undefined ? [] : ["--endpoint", load.endpoint];
    const tokens = load.args.includes("--max-tokens") ? [] : TOKENS;
    const args = [...SMALL, ...tokens, ...endpoint, ...load.args];
    const result = await run(context, args);
    const used = load.endpoint ?? expected.apis[0];
    const compared = compareWithProxy(result.records, context.proxy.take(), {
      endpoint: used,
      isSync: load.isSync === true,
      aborts: load.aborts === true,
    });
    const problems = [...judgeRequests(result, load), ...compared.problems, ...judgeServer(result, expected)];
    return { detail: describe(result, compared), problems: withWords(problems, result) };
  };
}

function judgeRequests({ exitCode, summary, records }: ClientResult, load: LoadProof): string[] {
  if (summary === undefined) return [`the run left no summary (exit code ${exitCode})`];
  const verdict = load.aborts ? "aborted" : "complete";
  const { byVerdict } = summary.requests;
  const others = Object.entries(byVerdict).filter(([name, count]) => name !== verdict && count > 0);
  const estimated = load.aborts ? 0 : summary.tokens.estimatedRequests;
  return [
    ...(exitCode === 0 || load.aborts ? [] : [`exit code ${exitCode}`]),
    ...(records.length === load.requests ? [] : [`${records.length} requests instead of ${load.requests}`]),
    ...others.map(([name, count]) => `${count} × ${name}`),
    ...(estimated ? [`${estimated} answers had no usage`] : []),
    ...(summary.crossCheck?.verdict === "exact" || load.aborts ? [] : ["k6's summary does not agree"]),
  ];
}

/** What the server's own counters say. */
function judgeServer({ summary }: ClientResult, expected: Expected): string[] {
  if (!expected.hasCounters || summary === undefined) return [];
  const { reconciliation, server } = summary;
  const missing = server?.absent.find(({ what }) => what === "all" || what === "metrics");
  const { verdict, promptTokens, completionTokens, reason } = reconciliation as {
    verdict: string;
    reason?: string;
    promptTokens?: { difference: number };
    completionTokens?: { difference: number };
  };
  const differences = `${promptTokens?.difference} prompt and ${completionTokens?.difference} generated tokens`;
  return [
    ...(missing ? [`no server section: ${missing.reason}`] : []),
    ...(verdict === "exact" || verdict === "within_bounds"
      ? []
      : [`counters: ${verdict}, ${reason ?? `the server counted ${differences} more`}`]),
  ];
}

function describe({ records, summary }: ClientResult, compared: Comparison): string {
  const counters = summary?.reconciliation?.verdict;
  return [
    `${records.length} requests, ${compared.bytes.toLocaleString("en")} bytes`,
    ...(counters === undefined || counters === "unavailable"
      ? []
      : [`counters ${counters.replace("_", " ")}`]),
  ].join(", ");
}

/** The end of what it said explains what is wrong. */
function withWords(problems: string[], { summary, text }: ClientResult): string[] {
  if (problems.length === 0 || summary !== undefined) return problems;
  return [...problems, text.trim().split("\n").slice(-3).join(" ")];
}

const keyOf = ({ key }: Expected) => (key === undefined ? {} : { SERVER_BENCH_API_KEY: key });

function run({ proxy, expected, folder }: ProofContext, args: readonly string[], env = keyOf(expected)) {
  return runRunner(["--url", proxy.url, ...expected.args, ...args], env, folder);
}

const discovery: Proof = {
  name: "discovery, probe",
  run: async ({ proxy, expected, folder }) => {
    const args = [
      "probe",
      "--url",
      proxy.url,
      ...expected.args,
      ...TOKENS,
      "--prompt",
      "Say hello.",
      "--json",
    ];
    const result = await runRunner(args, keyOf(expected), folder);
    proxy.take();
    if (result.exitCode !== 0)
      return { problems: [`exit code ${result.exitCode}: ${lastLine(result.text)}`] };
    const { server, verdict } = JSON.parse(result.stdout) as {
      verdict?: string;
      server: { found?: { software?: { name: string; version?: string }; endpoint?: { name: string } } };
    };
    const { software, endpoint } = server.found ?? {};
    // Of a server without a known name nothing is said of its API: the option's default holds.
    const api = endpoint?.name ?? "chat";
    return {
      detail: [software?.name ?? "not known by name", api].join(", "),
      problems: [
        ...(software?.name === expected.software
          ? []
          : [`recognised as ${software?.name ?? "nothing"} instead of ${expected.software ?? "nothing"}`]),
        ...(api === expected.apis[0] ? [] : [`chose the API ${api} instead of ${expected.apis[0]}`]),
        ...(verdict === undefined || verdict === "complete" ? [] : [`the probe is ${verdict}`]),
      ],
    };
  },
};

const wrongKey: Proof = {
  name: "wrong key",
  leftOut: ({ key }) => (key === undefined ? "it has no keys" : undefined),
  run: (context) =>
    refuse(
      context,
      { args: context.expected.args, says: /key|401|403/i },
      { SERVER_BENCH_API_KEY: "sk-wrong-key" },
    ),
};

/** The run ends before any load, or with a failure, and says why. */
async function refuse(
  context: ProofContext,
  { args, says }: Omit<Refusal, "what">,
  env: Readonly<Record<string, string>> = keyOf(context.expected),
): Promise<ProofResult> {
  const { proxy, folder } = context;
  const all = ["--url", proxy.url, ...SMALL, ...TOKENS, "--vus", "1", "--iterations", "2", ...args];
  const { exitCode, text, summary } = await runRunner(all, env, folder);
  proxy.take();
  const complete = summary?.requests.byVerdict.complete ?? 0;
  return {
    detail: lastLine(summary === undefined ? text : (summary.errors[0]?.example ?? "")),
    problems: [
      ...(exitCode === 0 ? ["exit code 0"] : []),
      ...(complete > 0 ? [`${complete} requests are complete`] : []),
      ...(says.test(text) ? [] : [`it does not say why: ${lastLine(text)}`]),
    ],
  };
}

const lastLine = (text: string) => text.trim().split("\n").at(-1)?.slice(0, 300) ?? "";

const k6Alone: Proof = {
  name: "k6 alone",
  run: async ({ proxy, expected, folder }) => {
    const env = {
      ...keyOf(expected),
      SERVER_BENCH_URL: `${proxy.url}/v1`,
      SERVER_BENCH_MAX_TOKENS: "12",
      SERVER_BENCH_TRUNCATED_LIMIT: "1",
      ...(expected.model !== undefined && { SERVER_BENCH_MODEL_ALIAS: expected.model }),
    };
    const result = await runK6(["--vus", "2", "--iterations", "4"], env, folder);
    const compared = compareWithProxy(result.records, proxy.take(), {
      endpoint: "chat",
      isSync: false,
      aborts: false,
    });
    return {
      detail: describe(result, compared),
      problems: [
        ...(result.exitCode === 0 ? [] : [`exit code ${result.exitCode}: ${lastLine(result.text)}`]),
        ...(result.records.length === 4 ? [] : [`${result.records.length} requests instead of 4`]),
        ...compared.problems,
      ],
    };
  },
};

/** All proofs about a server, in their order. */
export function proofsFor(expected: Expected): Proof[] {
  const [first, ...others] = expected.apis;
  const load = (name: string, proof: LoadProof): Proof => ({ name, run: proveLoad(proof) });
  const apis = others.map((endpoint) => load(endpoint, { endpoint, args: CLOSED, requests: 6 }));
  const noChoices = () => (expected.takesChoices ? undefined : "it makes one answer of a prompt");
  return [
    discovery,
    load(`closed load (${first})`, { args: CLOSED, requests: 6 }),
    load("open load", { args: ["--rate", "2", "--iterations", "6"], requests: 6 }),
    load("sync", { args: ["--mode", "sync", ...CLOSED], requests: 6, isSync: true }),
    ...apis,
    k6Alone,
    load("aborts", {
      // Long answers: of a short one, all may have arrived with the third token.
      args: ["--abort-share", "1", "--abort-after-tokens", "3", "--max-tokens", "400", ...CLOSED],
      requests: 6,
      aborts: true,
    }),
    load("stop string", { args: ["--stop", "e", "--stop", "a", ...CLOSED], requests: 6 }),
    {
      ...load("n = 2", { args: ["--extra-body", '{"n": 2}', ...CLOSED], requests: 6 }),
      leftOut: noChoices,
    },
    wrongKey,
    ...(expected.refusals ?? []).map((refusal) => ({
      name: refusal.what,
      run: (context: ProofContext) => refuse(context, refusal),
    })),
  ];
}
