import { expect, test } from "vitest";
import { toTerminalLook } from "./terminal-look.ts";

const terminal = { isTTY: true, columns: 90 };

test.each<[string, { isTTY?: boolean }, Record<string, string>, boolean]>([
  ["a terminal has colour", terminal, {}, true],
  ["a file or a pipe has none", {}, {}, false],
  ["NO_COLOR forbids it", terminal, { NO_COLOR: "1" }, false],
  ["an empty NO_COLOR has no effect", terminal, { NO_COLOR: "" }, true],
  ["a dumb terminal has none", terminal, { TERM: "dumb" }, false],
  ["FORCE_COLOR gives it to a pipe", {}, { FORCE_COLOR: "1" }, true],
  [
    "FORCE_COLOR wins over NO_COLOR and a dumb terminal",
    {},
    { FORCE_COLOR: "3", NO_COLOR: "1", TERM: "dumb" },
    true,
  ],
  ["FORCE_COLOR=0 forbids it", terminal, { FORCE_COLOR: "0" }, false],
  ["an empty FORCE_COLOR has no effect", {}, { FORCE_COLOR: "" }, false],
])("%s", (_, stream, variables, colour) => {
  expect(toTerminalLook(stream, variables).colour).toBe(colour);
});

test.each<[Record<string, string>, boolean]>([
  [{ LANG: "en_US.UTF-8" }, true],
  [{ LANG: "C.utf8" }, true],
  [{ LANG: "C" }, false],
  [{}, false],
  [{ LANG: "en_US.UTF-8", LC_ALL: "C" }, false],
  [{ LANG: "C", LC_CTYPE: "de_DE.UTF-8" }, true],
  [{ LANG: "C", LC_ALL: "" }, false],
])("the locale of %j has block characters: %s", (variables, unicode) => {
  expect(toTerminalLook(terminal, variables).unicode).toBe(unicode);
});

test("is as wide as the terminal, and 110 columns elsewhere", () => {
  expect(toTerminalLook(terminal, {}).width).toBe(90);
  expect(toTerminalLook({}, {}).width).toBe(110);
});
