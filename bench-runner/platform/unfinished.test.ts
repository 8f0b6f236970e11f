import { execa } from "execa";
import { expect, test } from "vitest";

const module = JSON.stringify(new URL("./unfinished.ts", import.meta.url).href);

test.each([
  ["that waits for nothing", "new Promise(() => {}).then(() => process.exit(0))", 1, /^The command ended/],
  ["that finishes", "Promise.resolve().then(() => process.exit(0))", 0, /^$/],
  ["whose end has another code", "Promise.resolve().then(() => process.exit(99))", 99, /^$/],
])("a command %s", async (_, command, exitCode, stderr) => {
  const script = `import { failUntilFinished } from ${module}; failUntilFinished(console.error); void (${command});`;
  const ran = await execa(process.execPath, ["--input-type=module", "--eval", script], { reject: false });
  expect(ran.exitCode).toBe(exitCode);
  expect(ran.stderr).toMatch(stderr);
});
