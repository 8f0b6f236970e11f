// Builds programs of the Go module xk6-sse into bin/, and only when their sources have changed.
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "./cache-folder.mjs";
import { isExecutable, runCommand } from "./command.mjs";
import { findGo } from "./go-toolchain.mjs";
import { fingerprint, inRepository, readIfThere } from "./repository.mjs";

const exe = process.platform === "win32" ? ".exe" : "";

/** k6 with the extension of this project. */
export const k6Path = inRepository("bin", `k6${exe}`);

/** A k6 with a stand-in for the community extension: only tests need it. */
export const k6StandinPath = inRepository("bin", `k6-standin${exe}`);

/** The step that builds bin/k6. */
export const k6Step = {
  title: "k6 with the stream extension (Go build)",
  replacement: () => process.env.BENCH_K6_BIN_PATH,
  isDone: () => isCurrent(k6Path),
  run: () => build(".", k6Path),
};

/** The step that builds bin/k6-standin. */
export const k6StandinStep = {
  title: "k6 with the stand-in extension (Go build)",
  isDone: () => isCurrent(k6StandinPath),
  run: () => build("./test/standin", k6StandinPath),
};

/** A server that answers with prepared streams and keeps the truth of them: only `calibrate` needs it. */
export const nullServerPath = inRepository("bin", `null-server${exe}`);

/** The step that builds bin/null-server. */
export const nullServerStep = {
  title: "null server for calibration (Go build)",
  isDone: () => isCurrent(nullServerPath),
  run: () => build("./cmd/nullserver", nullServerPath, []),
};

function sourcesHash() {
  const isSource = (path) => /(\.go|\/go\.mod|\/go\.sum)$/.test(path) && !path.endsWith("_test.go");
  return `${fingerprint(["xk6-sse"], isSource)} ${process.platform}-${process.arch}\n`;
}

function isCurrent(binary) {
  return isExecutable(binary) && readIfThere(`${binary}.stamp`) === sourcesHash();
}

const ownK6 =
  "Or use your own: BENCH_K6_BIN_PATH=/path/to/k6, built from xk6-sse/ with `CGO_ENABLED=0 go build -o k6 .`";

async function build(packagePath, binary, ownProgram = [ownK6]) {
  const hash = sourcesHash();
  const { go, env } = await findGo();
  const temporary = join(binary, "..", `.${process.pid}.partial${exe}`);
  await mkdir(join(binary, ".."), { recursive: true });
  try {
    await runCommand(go, ["build", "-trimpath", "-ldflags", "-s -w", "-o", temporary, packagePath], {
      cwd: inRepository("xk6-sse"),
      env: { ...env, CGO_ENABLED: "0" },
      what: `Building ${binary}`,
      telling: (output) => output.replace(/^go: downloading .*\n/gm, ""),
      remedies: [
        "The first build fetches Go modules: check the network connection, then run the same command again.",
        ...ownProgram,
      ],
    });
    await rename(temporary, binary);
  } finally {
    await rm(temporary, { force: true });
  }
  await writeWhole(`${binary}.stamp`, hash);
}
