import { describe, expect, it } from "vitest";
import { ALL_OPTIONS } from "../config/option-flags.ts";
import { createContext } from "../platform/context.ts";
import { EXIT_CODE_DOCS } from "../platform/exit-codes.ts";
import { runCommandLine } from "./command-line.ts";
import { COMMANDS } from "./command-table.ts";

async function help(line: string, columns = 100): Promise<string> {
  let text = "";
  const stdout = { write: (more: string) => (text += more) };
  const context = createContext({}, { stdout, stderr: stdout });
  expect(await runCommandLine(line.split(" "), context, COMMANDS, columns)).toBe(0);
  return text;
}

const optionsOf = (text: string) =>
  [...text.matchAll(/^ {2}(?:-\w, )?--([\w-]+)/gm)].map(([, name]) => name as string);

describe("the short help", () => {
  it.each([80, 100])("fits one screen of %i columns", async (columns) => {
    const lines = (await help("--help", columns)).trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(45);
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
  });

  it("has the options that most people use, all commands and two examples", async () => {
    const text = await help("--help");
    const shown = optionsOf(text);
    expect(shown.length).toBeGreaterThanOrEqual(20);
    expect(shown.length).toBeLessThanOrEqual(30);
    expect(shown).toEqual(
      expect.arrayContaining(["url", "model", "vus", "rate", "dataset", "slo", "output"]),
    );
    for (const { name } of COMMANDS) expect(text).toMatch(new RegExp(`\\b${name}\\b`));
    expect(text.match(/^ {2}node bench-runner --/gm)).toHaveLength(2);
  });

  it.each(["-h", "help", "run --help", "quickstart --help"])("is what `%s` shows", async (line) => {
    expect(optionsOf(await help(line))).toEqual(optionsOf(await help("--help")));
  });
});

describe("the long help", () => {
  it.each(["--help all", "help all"])(
    "`%s` has every option, variable, exit code and command",
    async (line) => {
      const text = await help(line);
      const flags = Object.values(ALL_OPTIONS).flatMap(({ flag }) => flag ?? []);
      expect(flags.length).toBeGreaterThan(100);
      expect(optionsOf(text)).toEqual(expect.arrayContaining(flags));
      for (const { variable } of Object.values(ALL_OPTIONS)) expect(text).toContain(variable ?? "");
      for (const { code } of EXIT_CODE_DOCS) expect(text).toMatch(new RegExp(`^ {2}${code} `, "m"));
      for (const { name } of COMMANDS) expect(text).toMatch(new RegExp(`^ {2}${name}\\b`, "m"));
    },
  );
});

describe("the help of a command", () => {
  it.each([
    ["probe", ["prompt", "help"]],
    ["calibrate", ["help"]],
    [
      "sweep",
      [
        "concurrency",
        "rates",
        "goodput-target",
        "precision",
        "max-points",
        "max-point-time",
        "resume",
        "help",
      ],
    ],
    ["doctor", ["streams", "json", "help"]],
    ["datasets fetch", ["revision", "output", "sha256", "help"]],
  ])("`%s --help` has its own options alone", async (command, options) => {
    expect(optionsOf(await help(`${command} --help`))).toEqual(options);
  });

  it("has those of a run as well with `all`", async () => {
    const options = optionsOf(await help("sweep --help all"));
    expect(options).toEqual(expect.arrayContaining(["rates", "url", "slo"]));
    // A sweep sets it itself.
    expect(options).not.toContain("vus");
  });
});
