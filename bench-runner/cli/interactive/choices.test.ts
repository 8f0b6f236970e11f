import { describe, expect, it } from "vitest";
import { PRESETS } from "../../../lib/core/options/presets.ts";
import { EMPTY_SET } from "../../config/files/config-set.ts";
import type { Workload } from "./answers.ts";
import { toFileChoices, toModelChoices, toServerChoices } from "./server-choices.ts";
import { listWorkloads, toLoadChoices, toMinutes, toWorkloadChoices } from "./workload-choices.ts";

const nothing = { servers: [], files: [], canStart: false, set: EMPTY_SET };
const labels = (choices: readonly { label: string; hint?: string }[]) =>
  choices.map(({ label, hint }) => (hint === undefined ? label : `${label} (${hint})`));

describe("servers to choose from", () => {
  it("are those that answer, those in trouble, one to start, another address", () => {
    const servers = [
      { url: "http://127.0.0.1:8080", models: [], trouble: "The server refuses us." },
      { url: "http://127.0.0.1:8000", name: "vLLM 0.10", models: ["a", "b", "c"] },
    ];
    expect(
      labels(
        toServerChoices({ ...nothing, servers, canStart: true, files: [{ path: "/x/m.gguf", bytes: 1 }] }),
      ),
    ).toEqual([
      "http://127.0.0.1:8000 vLLM 0.10 (a and 2 more)",
      "http://127.0.0.1:8080 (not usable: choose it to see why)",
      "start llama-server on this machine (m.gguf is available)",
      "another address",
    ]);
  });

  it("offer no start where llama-server is not there", () => {
    expect(labels(toServerChoices(nothing))).toEqual(["another address"]);
  });

  it("show what a server says of itself on one line, without codes for the terminal", () => {
    const nasty = { url: "http://127.0.0.1:1", name: "evil\u001b[2J\nserver", models: ["x".repeat(200)] };
    const [first] = toServerChoices({ ...nothing, servers: [nasty] });
    expect(first?.label).toBe("http://127.0.0.1:1 evil server");
    expect(first?.hint).toHaveLength(60);
  });
});

describe("models to choose from", () => {
  it("are the server's, then another name", () => {
    expect(labels(toModelChoices(["a", "b"], [], false))).toEqual(["a", "b", "another name"]);
  });

  it("for a server to start are the files at hand, then others", () => {
    const files = [
      { path: "a.gguf", bytes: 5e6 },
      { path: "/c/b.gguf", bytes: 93e6, isFetched: true as const },
    ];
    expect(labels(toFileChoices(files))).toEqual([
      "a.gguf, 5.0 MB (in this folder)",
      "b.gguf, 93.0 MB (a small model that setup fetched)",
      "another GGUF file",
      "a model from Hugging Face (llama-server downloads it)",
    ]);
  });
});

describe("workloads to choose from", () => {
  it("are all that there are, a minute that fits the server first, each with its meaning, within 80 columns", () => {
    const choices = toWorkloadChoices(listWorkloads(EMPTY_SET, 16));
    expect(choices[0]).toMatchObject({
      value: { texts: { vus: "16", duration: "60" } },
      label: "first look: 16 clients, 1 minute",
      hint: "one client for each slot of the server",
    });
    expect(choices.slice(1).map(({ value }) => value.name)).toEqual(Object.keys(PRESETS));
    expect(labels(choices)).toContain(
      "high-load: 20 requests/s, at most 50 at a time, 5 minutes (many users)",
    );
    for (const text of labels(choices)) expect(text.length).toBeLessThanOrEqual(73);
  });

  it.each([
    [undefined, "first look: 4 clients, 1 minute (a few users)"],
    [1, "first look: 1 client, 1 minute (one client for each slot of the server)"],
  ])("begin with one that a server with %s slots can carry", (slots, label) => {
    const [first] = toWorkloadChoices(listWorkloads(EMPTY_SET, slots));
    expect(labels([first as NonNullable<typeof first>])).toEqual([label]);
    expect(toLoadChoices(first?.value as Workload).map(({ value }) => value)).toEqual([
      "as-named",
      "clients",
    ]);
  });

  it.each(Object.keys(PRESETS))("the load of %s is first what it says", (name) => {
    const choices = toLoadChoices({ name, texts: PRESETS[name] ?? {} });
    expect(choices.map(({ value }) => value)).toEqual(["as-named", "rate", "clients"]);
    expect(choices[0]?.label).toContain(`${PRESETS[name]?.rate} requests/s`);
    for (const text of labels(choices)) expect(text.length).toBeLessThanOrEqual(73);
  });

  it.each([
    ["300", "5 minutes"],
    ["60", "1 minute"],
    ["90", "90 seconds"],
    ["1s", "1 second"],
    ["2h", "120 minutes"],
  ])("%s is %s", (text, words) => expect(toMinutes(text)).toBe(words));
});

describe("a configuration file", () => {
  const place = { file: "server-bench.yaml", line: 1 };
  const text = (words: string) => ({ text: words, key: "x", place });
  const set = {
    ...EMPTY_SET,
    files: ["server-bench.yaml"],
    targets: [
      { name: "gpu", description: "the GPU server", place, options: { url: text("http://u:p@gpu:8000") } },
    ],
    models: [{ name: "qwen", place, options: {} }],
    workloads: [
      { name: "mine", place, isPaced: true, concurrency: text("9"), options: { rate: text("3") } },
      { name: "crowd", place, isPaced: false, concurrency: text("12"), description: "a crowd", options: {} },
      { name: "low-load", place, isPaced: true, options: { rate: text("2") } },
    ],
  };

  it("has servers that come after those that answer, without their passwords", () => {
    const servers = [{ url: "http://127.0.0.1:8000", models: [] }];
    expect(labels(toServerChoices({ ...nothing, servers, set }))).toEqual([
      "http://127.0.0.1:8000",
      "gpu: the GPU server (http://gpu:8000)",
      "another address",
    ]);
  });

  it("may say by itself what is measured", () => {
    const own = { ...set, targets: [], common: { url: text("http://a/v1") } };
    expect(labels(toServerChoices({ ...nothing, set: own }))).toEqual([
      "as in server-bench.yaml: http://a/v1",
      "another address",
    ]);
  });

  it("adds models to the server's own, and without any the server's is the choice", () => {
    expect(labels(toModelChoices(["a"], set.models, true))).toEqual(["a", "qwen", "another name"]);
    expect(labels(toModelChoices([], [], true))).toEqual(["the server's own", "another name"]);
  });

  it("has workloads that come after the one that fits, and take the place of the project's by their name", () => {
    const listed = listWorkloads(set, undefined);
    expect(labels(toWorkloadChoices(listed)).slice(0, 5)).toEqual([
      "first look: 4 clients, 1 minute (a few users)",
      "mine: 3 requests/s, at most 9 at a time, 5 minutes",
      "crowd: 12 clients (a crowd)",
      "low-load: 2 requests/s, 5 minutes",
      "medium-load: 5 requests/s, at most 10 at a time, 5 minutes (a small team)",
    ]);
    expect(listed).toHaveLength(7);
  });

  it("has workloads of clients, to which no rate is offered", () => {
    const crowd = listWorkloads(set, undefined).find(({ name }) => name === "crowd");
    expect(toLoadChoices(crowd ?? { name: "", texts: {} }).map(({ value }) => value)).toEqual([
      "as-named",
      "clients",
    ]);
  });
});
