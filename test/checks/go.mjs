// The checks of the Go module: format, vet, staticcheck, tests.
import { tryCommand } from "../../setup/command.mjs";
import { fingerprint, inRepository } from "../../setup/repository.mjs";
import { programCheck, runShown } from "./program.mjs";

const cwd = inRepository("xk6-sse");
// The settings of the k6 build: with others, vet and tests would compile all of k6 a second time.
const env = { CGO_ENABLED: "0", GOFLAGS: `${process.env.GOFLAGS ?? ""} -trimpath`.trim() };
const staticcheck = "honnef.co/go/tools/cmd/staticcheck@v0.8.2";

/** Runs all Go checks on the tally. */
export async function goChecks(tally) {
  if ((await tryCommand("go", ["version"], { cwd })).code !== 0) {
    await tally.check("Go checks", () =>
      tally.missingTool("no Go could be set up; install Go 1.21 or later"),
    );
    return;
  }
  await tally.check("gofmt", async () => {
    const { code, output } = await tryCommand("gofmt", ["-l", "."], { cwd });
    return code === 0 && output === ""
      ? { passed: 1 }
      : { failed: 1, detail: `Not formatted by gofmt:\n${output}` };
  });
  await tally.check("go vet", () => programCheck("go", ["vet", "./..."], { cwd, env }));
  await tally.check("staticcheck", async () => {
    // Fetching and building it is one thing, its opinion another: without network it is a missing tool.
    const tool = await tryCommand("go", ["run", staticcheck, "-version"], { cwd, env });
    if (tool.code !== 0)
      return tally.missingTool(`${staticcheck} could not be built: ${tool.output.trim().split("\n").at(-1)}`);
    return programCheck("go", ["run", staticcheck, "./..."], { cwd, env });
  });
  await tally.check("go test", goTests);
}

async function goTests() {
  // A kept result is of these golden vectors: the tests read the variable, see golden_test.go.
  const ofGolden = { ...env, SERVER_BENCH_GOLDEN: fingerprint(["test/golden"]) };
  const outcome = { passed: 0, failed: 0, skipped: 0, reasons: [] };
  const details = [];
  const output = new Map();
  const failures = new Map();
  const code = await runShown("go", ["test", "-json", "-timeout", "300s", "./..."], {
    cwd,
    env: ofGolden,
    onLine: take,
  });
  if (code !== 0 && outcome.failed === 0) outcome.failed = 1;
  return { ...outcome, detail: details.join("") };

  function take(line) {
    const event = parse(line);
    // What is no event is the go command's own complaint.
    if (event === undefined) return void details.push(`${line}\n`);
    const key = `${event.Package ?? event.ImportPath}\0${event.Test ?? ""}`;
    if (event.Output !== undefined) output.set(key, (output.get(key) ?? "") + event.Output);
    if (event.Action === "build-fail") details.push(output.get(key) ?? "");
    if (!["pass", "fail", "skip"].includes(event.Action)) return;
    const text = output.get(key) ?? "";
    output.delete(key);
    if (event.Test === undefined) {
      // A package that fails without a failing test did not build, panicked or ran out of time.
      if (event.Action === "fail" && !failures.has(event.Package)) {
        outcome.failed++;
        details.push(text);
      }
      return;
    }
    if (event.Action === "pass") outcome.passed++;
    if (event.Action === "fail") {
      outcome.failed++;
      failures.set(event.Package, true);
      details.push(endOf(text));
    }
    if (event.Action === "skip") {
      outcome.skipped++;
      const reason = text.split("\n").find((each) => /^\s+\S+\.go:\d+: /.test(each));
      outcome.reasons.push(`${event.Test}: ${reason?.replace(/^\s+\S+\.go:\d+: /, "") ?? "no reason given"}`);
    }
  }
}

/** Table tests can fail in hundreds of lines; the end holds the verdict. */
function endOf(text, lines = 40) {
  const all = text.split("\n");
  return all.length <= lines ? text : `… ${all.length - lines} lines before\n${all.slice(-lines).join("\n")}`;
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
