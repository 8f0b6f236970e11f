import { describe, expect, it } from "vitest";
import { PRESETS } from "../../../lib/core/options/presets.ts";
import { resolveConfig } from "../../config/config.ts";
import { type Answers, toAnswerFlags } from "./answers.ts";
import { toFittingWorkload } from "./workload-choices.ts";

const url = { kind: "url", url: "http://127.0.0.1:8000" } as const;
const open = { kind: "as-configured" } as const;
const named = (name: string) => ({ name, texts: PRESETS[name] ?? {} });
const asNamed = { kind: "as-named" } as const;

describe("answers", () => {
  const rows: [string, Answers, Record<string, string>][] = [
    [
      "a server, its model and a workload are three flags",
      { server: url, model: { kind: "name", name: "qwen" }, workload: named("high-load"), load: asNamed },
      { url: "http://127.0.0.1:8000", model: "qwen", workload: "high-load" },
    ],
    [
      "a load that no file names is its own flags",
      { server: url, model: open, workload: toFittingWorkload(2), load: asNamed },
      {
        ...{ url: "http://127.0.0.1:8000", vus: "2", duration: "60" },
        ...{ "prompt-type": "medium", "max-tokens": "256", "truncated-limit": "1" },
      },
    ],
    [
      "a file is served by a server that is started",
      {
        server: { kind: "start" },
        model: { kind: "file", path: "a.gguf" },
        workload: named("low-load"),
        load: asNamed,
      },
      { model: "a.gguf", workload: "low-load" },
    ],
    [
      "a repository is downloaded",
      {
        server: { kind: "start" },
        model: { kind: "hub", repo: "a/b" },
        workload: named("low-load"),
        load: asNamed,
      },
      { "hf-repo": "a/b", workload: "low-load" },
    ],
    [
      "other numbers follow the workload, all of them",
      {
        server: url,
        model: open,
        workload: named("high-load"),
        load: { kind: "rate", rate: "7", maxConcurrency: "50", duration: "2m", maxTokens: "1024" },
      },
      {
        url: "http://127.0.0.1:8000",
        workload: "high-load",
        rate: "7",
        "max-concurrency": "50",
        duration: "2m",
        "max-tokens": "1024",
      },
    ],
    [
      "clients take the workload's prompts, but not its schedule",
      {
        server: url,
        model: open,
        workload: named("high-load"),
        load: { kind: "clients", vus: "4", iterations: "20", maxTokens: "64" },
      },
      {
        url: "http://127.0.0.1:8000",
        vus: "4",
        iterations: "20",
        "max-tokens": "64",
        temperature: "0.7",
        "prompt-type": "medium",
      },
    ],
    [
      "names of a file become flags, and its own options are not repeated",
      {
        server: { kind: "target", name: "gpu" },
        model: open,
        workload: { name: "mine", texts: {} },
        load: asNamed,
      },
      { target: "gpu", workload: "mine" },
    ],
  ];
  it.each(rows)("%s", (_, answers, flags) => {
    expect(toAnswerFlags(answers)).toEqual(flags);
  });

  it.each(rows.filter(([, { server }]) => server.kind !== "target"))(
    "are flags that a run takes: %s",
    (_, answers) => {
      expect(() => resolveConfig({ flags: toAnswerFlags(answers), variables: {} })).not.toThrow();
    },
  );
});
