import { describe, expect, it } from "vitest";
import { createContext } from "../platform/context.ts";
import { runCommandLine, toUsageSentence, withCommand } from "./command-line.ts";
import { COMMANDS } from "./command-table.ts";

/** Reads the command line; returns which command gets what. Nothing runs. */
async function parse(line: string): Promise<unknown> {
  let seen: unknown;
  const noted = COMMANDS.map((row) => ({
    ...row,
    run: async (input: unknown) => {
      seen = [row.name, input];
      return 7;
    },
  }));
  const exitCode = await runCommandLine(
    line === "" ? [] : line.split(" "),
    createContext({}, process),
    noted,
  );
  expect(exitCode).toBe(7);
  return seen;
}

const toRun = (flags: Record<string, string>, name = "run") => [name, { flags, aliases: {}, words: [] }];

describe("a command line", () => {
  const rows: [string, unknown][] = [
    ["", toRun({})],
    ["--vus 3", toRun({ vus: "3" })],
    [
      "probe --max-tokens 3 --prompt Hello",
      ["probe", { flags: { "max-tokens": "3" }, own: { prompt: "Hello" } }],
    ],
    ["run --vus=3 -ngl 33", toRun({ vus: "3", "n-gpu-layers": "33" })],
    ["--http-debug --vus 3", toRun({ "http-debug": "brief", vus: "3" })],
    ["--http-debug=full", toRun({ "http-debug": "full" })],
    [
      "--llama-server-arg --mlock --llama-server-arg --jinja",
      toRun({ "llama-server-arg": '["--mlock","--jinja"]' }),
    ],
    ["quickstart --seed 1", toRun({ seed: "1" }, "quickstart")],
    ["report a b", ["report", { folders: ["a", "b"], options: {} }]],
    [
      "report a --json --quiet --append all.csv",
      ["report", { folders: ["a"], options: { json: true, quiet: true, append: "all.csv" } }],
    ],
    ["--json --quiet --append all.csv", toRun({ json: "true", quiet: "true", append: "all.csv" })],
    ["scenarios", ["scenarios", { name: undefined }]],
    ["scenarios my.ts", ["scenarios", { name: "my.ts" }]],
    ["calibrate a", ["calibrate", { folder: "a", flags: {} }]],
    ["sweep --rates 1,2 --slo ttft=1s", ["sweep", { flags: { slo: '["ttft=1s"]' }, own: { rates: "1,2" } }]],
    ["calibrate --vus 64", ["calibrate", { folder: undefined, flags: { vus: "64" } }]],
  ];
  it.each(rows)("`%s` is understood", async (line, expected) => {
    expect(await parse(line)).toEqual(expected);
  });

  const wrong: [string, string][] = [
    [
      "bench",
      "Unknown command `bench`. Commands: `run` (the default), `quickstart`, `probe`, `report`, `sweep`, `compare`, `baseline`, `matrix`, `export`, `results`, `scenarios`, `calibrate`, `datasets`, `init`, `doctor`.",
    ],
    ["--vsu 3", "Unknown option `--vsu`. Did you mean `--vus`? See `--help`."],
    ["--vus 3 report x", "The command comes first: `node bench-runner report …`."],
    ["--url --vus 3", "`--url` needs a value, got the flag `--vus`."],
    [
      "run m.gguf",
      "Unexpected argument `m.gguf`: expected flags, such as `--model m.gguf`. `--help` lists them.",
    ],
    ["report", "Missing required argument `folder`. See `--help`."],
  ];
  it.each(wrong)("`%s` gets one clear sentence and exit code 2", async (line, message) => {
    await expect(parse(line)).rejects.toMatchObject({ message, exitCode: 2 });
  });

  it("runs `run` where it names no command", () => {
    expect(withCommand(["--help"])).toEqual(["run", "--help"]);
    expect(withCommand(["--version"])).toEqual(["--version"]);
  });

  it("gets the messages of commander in our style", () => {
    expect(toUsageSentence("error: unknown option '--a'\n(Did you mean one of --ab, --ac?)")).toBe(
      "Unknown option `--a`. Did you mean `--ab` or `--ac`? See `--help`.",
    );
  });
});
