import { describe, expect, it } from "vitest";
import { createContext } from "../platform/context.ts";
import { runCommandLine, toUsageSentence, withCommand } from "./command-line.ts";

/** Runs the command line, and tells which command got what. */
async function parse(line: string): Promise<unknown> {
  let seen: unknown;
  const note = (command: string) => async (given: unknown) => {
    seen = [command, given];
    return 0;
  };
  await runCommandLine(
    line === "" ? [] : line.split(" "),
    {
      run: note("run"),
      quickstart: note("quickstart"),
      report: async (folders, options) => {
        seen = ["report", folders, options];
        return 0;
      },
      scenarios: note("scenarios"),
      probe: async (flags, own) => {
        seen = ["probe", flags, own];
        return 0;
      },
      sweep: async (flags, own) => {
        seen = ["sweep", flags, own];
        return 0;
      },
      calibrate: async (folder, flags) => {
        seen = ["calibrate", folder, flags];
        return 0;
      },
    },
    createContext({}, process),
  );
  return seen;
}

describe("a command line", () => {
  const rows: [string, unknown][] = [
    ["", ["run", {}]],
    ["--vus 3", ["run", { vus: "3" }]],
    ["probe --max-tokens 3 --prompt Hello", ["probe", { "max-tokens": "3" }, { prompt: "Hello" }]],
    ["run --vus=3 -ngl 33", ["run", { vus: "3", "n-gpu-layers": "33" }]],
    ["--http-debug --vus 3", ["run", { "http-debug": "brief", vus: "3" }]],
    ["--http-debug=full", ["run", { "http-debug": "full" }]],
    [
      "--llama-server-arg --mlock --llama-server-arg --jinja",
      ["run", { "llama-server-arg": '["--mlock","--jinja"]' }],
    ],
    ["quickstart --seed 1", ["quickstart", { seed: "1" }]],
    ["report a b", ["report", ["a", "b"], {}]],
    [
      "report a --json --quiet --append all.csv",
      ["report", ["a"], { json: true, quiet: true, append: "all.csv" }],
    ],
    ["--json --quiet --append all.csv", ["run", { json: "true", quiet: "true", append: "all.csv" }]],
    ["scenarios", ["scenarios", undefined]],
    ["scenarios my.ts", ["scenarios", "my.ts"]],
    ["calibrate a", ["calibrate", "a", {}]],
    ["sweep --rates 1,2 --slo ttft=1s", ["sweep", { slo: '["ttft=1s"]' }, { rates: "1,2" }]],
    ["calibrate --vus 64", ["calibrate", undefined, { vus: "64" }]],
  ];
  it.each(rows)("`%s` is understood", async (line, expected) => {
    expect(await parse(line)).toEqual(expected);
  });

  const wrong: [string, string][] = [
    [
      "bench",
      "Unknown command `bench`. Commands: `run` (the default), `quickstart`, `probe`, `report`, `sweep`, `compare`, `baseline`, `matrix`, `export`, `scenarios`, `calibrate`, `datasets`, `init`, `doctor`.",
    ],
    ["--vsu 3", "Unknown option `--vsu`. Did you mean `--vus`? `--help` lists what there is."],
    ["--vus 3 report x", "The command comes first: `node bench-runner report …`."],
    ["--url --vus 3", "`--url` needs a value, got the flag `--vus`."],
    [
      "run m.gguf",
      "Unexpected argument `m.gguf`: expected flags, such as `--model m.gguf`. `--help` lists them.",
    ],
    ["report", "Missing required argument `folder`. `--help` lists what there is."],
  ];
  it.each(wrong)("`%s` gets one clear sentence and exit code 2", async (line, message) => {
    await expect(parse(line)).rejects.toMatchObject({ message, exitCode: 2 });
  });

  it("gets `run` as its command where it names none", () => {
    expect(withCommand(["--help"])).toEqual(["run", "--help"]);
    expect(withCommand(["--version"])).toEqual(["--version"]);
  });

  it("is told what commander says in our style", () => {
    expect(toUsageSentence("error: unknown option '--a'\n(Did you mean one of --ab, --ac?)")).toBe(
      "Unknown option `--a`. Did you mean `--ab` or `--ac`? `--help` lists what there is.",
    );
  });
});
