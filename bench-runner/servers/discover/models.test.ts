import { PassThrough } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { askForModel, isPersonThere, type Terminal, toSeveralError } from "./ask-person.ts";
import { chooseModel, readChoice, toModelList } from "./models.ts";

const listed = (...names: string[]) => ({ names, source: "`/v1/models`" });

describe("the model that is measured", () => {
  it("is the only one", () => {
    expect(chooseModel(listed("a"), { fallback: "my-model" })).toEqual({
      kind: "take",
      name: "a",
      why: "the only one in `/v1/models`",
    });
  });

  it("is the one that the user names, listed or not", () => {
    expect(chooseModel(listed("a", "b"), { given: "b", fallback: "d" })).toMatchObject({ isListed: true });
    expect(chooseModel(listed("a", "b"), { given: "c", fallback: "d" })).toMatchObject({ isListed: false });
    expect(chooseModel(listed(), { given: "c", fallback: "d" })).toMatchObject({ isListed: true });
  });

  it("is the default where the server has it among several", () => {
    expect(chooseModel(listed("a", "my-model"), { fallback: "my-model" })).toMatchObject({
      name: "my-model",
    });
  });

  it("is a choice where there are several, and nothing where there are none", () => {
    expect(chooseModel(listed("a", "b"), { fallback: "d" })).toEqual({ kind: "ask", names: ["a", "b"] });
    expect(chooseModel(listed(), { fallback: "d" })).toEqual({ kind: "none" });
  });
});

describe("a choice", () => {
  const rows: [string, string, string | undefined][] = [
    ["Enter takes the first", "", "a"],
    ["a number takes that one", " 2 ", "10"],
    ["a name takes that one, also where it is a number", "10", "10"],
    ["0 is nothing", "0", undefined],
    ["a number behind the last is nothing", "3", undefined],
    ["other words are nothing", "the first", undefined],
  ];
  it.each(rows)("%s", (_, answer, name) => {
    expect(readChoice(answer, ["a", "10"])).toBe(name);
  });

  it("shows forty names and how many more there are", () => {
    const lines = toModelList(Array.from({ length: 45 }, (_, index) => `m${index}`)).split("\n");
    expect(lines).toHaveLength(41);
    expect(lines.at(-1)).toContain("and 5 more");
  });

  it("without a person is an error that lists the models and the flag", () => {
    const { message, exitCode } = toSeveralError(["a", "b"], "http://h");
    expect(message).toMatch(/several models:\n +1 {2}a\n +2 {2}b\nChoose one with `--model NAME`/);
    expect(exitCode).toBe(2);
  });
});

describe("a person at the terminal", () => {
  function makeTerminal(isTTY = true): { terminal: Terminal; input: PassThrough; shown: () => string } {
    const [input, output] = [new PassThrough(), new PassThrough()];
    Object.assign(input, { isTTY });
    Object.assign(output, { isTTY });
    let shown = "";
    output.on("data", (piece: Buffer) => {
      shown += piece.toString();
    });
    const terminal = { input, output } as unknown as Terminal;
    return { terminal, input, shown: () => shown };
  }

  it("chooses by number, after a mistake as well", async () => {
    const { terminal, input, shown } = makeTerminal();
    const chosen = askForModel(["a", "b"], "http://h", terminal);
    input.write("7\n");
    await vi.waitFor(() => expect(shown().split("Which one?")).toHaveLength(3));
    input.write("2\n");
    expect(await chosen).toBe("b");
    expect(shown()).toContain("Expected a number from 1 to 2");
  });

  it("who leaves has chosen none", async () => {
    const { terminal, input } = makeTerminal();
    const chosen = askForModel(["a", "b"], "http://h", terminal);
    input.end();
    await expect(chosen).rejects.toThrow("No model was chosen");
  });

  it("is there where both streams are a terminal", () => {
    expect(isPersonThere(makeTerminal().terminal)).toBe(true);
    expect(isPersonThere(makeTerminal(false).terminal)).toBe(false);
  });
});
