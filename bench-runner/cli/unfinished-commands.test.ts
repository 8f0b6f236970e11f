// Every command of the table, by the runner's own entry, where its work never comes to an end.
import { execa } from "execa";
import { expect, test } from "vitest";
import { COMMANDS } from "./command-table.ts";

const names = COMMANDS.flatMap((row) =>
  "members" in row ? row.members.map(({ name }) => `${row.name} ${name}`) : [row.name],
);
const href = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

/** One process for all of them: an end of the process is written down instead, and the next command is started. */
const SCRIPT = `
  import { Command } from "commander";
  import { COMMANDS } from ${href("./command-table.ts")};
  const rows = COMMANDS.flatMap((row) =>
    "members" in row ? row.members.map((member) => [[row.name, member.name], member]) : [[[row.name], row]]);
  const exit = process.exit;
  const ended = [];
  const next = () => {
    const [words, row] = rows[ended.length] ?? [];
    if (row === undefined) {
      console.log(JSON.stringify(ended));
      exit.call(process, 0);
    }
    row.read = () => ({});
    row.run = () => new Promise(() => {});
    const command = new Command();
    row.define?.(command);
    const needed = command.registeredArguments.filter(({ required }) => required).map(() => "x");
    const options = command.options.filter(({ mandatory }) => mandatory).flatMap(({ long }) => [long, "x"]);
    process.argv = ["node", "bench-runner", ...words, ...needed, ...options];
    process.exitCode = 0;
    process.exit = (code) => {
      ended.push([words.join(" "), code, process.exitCode]);
      setImmediate(next);
    };
    void import(${href("../main.ts")} + "?" + ended.length);
  };
  next();
`;

test("a command that waits for what can no longer come has failed, and says so", async () => {
  const ran = await execa(process.execPath, ["--input-type=module", "--eval", SCRIPT], { reject: false });
  expect(ran.exitCode).toBe(0);
  expect(JSON.parse(ran.stdout)).toEqual(names.map((name) => [name, 1, 1]));
  expect(ran.stderr.match(/The command ended without a result/g)).toHaveLength(names.length);
}, 60_000);
