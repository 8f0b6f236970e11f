// llama-server: the user's own where there is one, otherwise Debian's prebuilt packages unpacked into the cache folder.
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { cacheFolder, putInPlace, withTemporaryFolder } from "./cache-folder.mjs";
import { findOnPath, isExecutable, lastLines, runCommand, tryCommand } from "./command.mjs";
import { debianMirror, toSourcesEntry } from "./debian-mirror.mjs";
import { remediesFor, SetupProblem } from "./step.mjs";

// The first suite with llama.cpp as a package. It wants a newer C library than older suites have, so that comes along.
const suite = "forky";
const packages = [
  ...["llama.cpp-tools", "libllama0", "libggml0"],
  ...["libc6", "libstdc++6", "libgcc-s1", "libgomp1", "libssl3t64", "zlib1g", "libzstd1"],
];
const place = join(cacheFolder, "llama-server");

/** The starter script in the cache: replaces the program and takes the same arguments. */
export const cachedLlamaServerPath = join(place, "llama-server");

const remedies = remediesFor({
  debian:
    "on Debian 14 or later `sudo apt-get install llama.cpp-tools`; else a release archive of ggml-org/llama.cpp",
  macos: "brew install llama.cpp",
  windows: "winget install llama.cpp",
  instead:
    "LLAMA_SERVER_BIN_PATH=/path/to/llama-server, a llama-server on PATH, or --url for a server that runs already",
});

/** The user's own program: `LLAMA_SERVER_BIN_PATH`, then PATH. Undefined where there is none. */
export function ownLlamaServer() {
  return process.env.LLAMA_SERVER_BIN_PATH || findOnPath("llama-server");
}

/** The step. */
export const llamaServerStep = {
  title: "llama-server",
  replacement: ownLlamaServer,
  isDone: () => isExecutable(cachedLlamaServerPath),
  run: () =>
    withTemporaryFolder(async (folder) => {
      const mirror = await debianMirror();
      if (mirror === undefined) {
        throw new SetupProblem(
          `There is no ready-made llama-server for this system (${process.platform}).`,
          remedies,
        );
      }
      const debs = await downloadPackages(mirror, folder);
      const finished = join(folder, "finished");
      const root = join(finished, "root");
      await mkdir(root, { recursive: true });
      for (const deb of debs) {
        await runCommand("dpkg-deb", ["-x", deb, root], { what: `Unpacking ${deb}`, remedies });
      }
      await writeStarter(finished, root);
      await checkThatItStarts(finished);
      await putInPlace(finished, place);
    }),
};

/** `apt-get download` with lists, cache and status of its own: no root rights, no change to the system. */
async function downloadPackages(mirror, folder) {
  const at = (name) => join(folder, name);
  const debs = at("debs");
  for (const name of ["lists/partial", "cache/archives/partial", "sources.d", "preferences.d", "debs"]) {
    await mkdir(at(name), { recursive: true });
  }
  await writeFile(at("status"), "");
  await writeFile(at("preferences"), "");
  await writeFile(at("forky.sources"), toSourcesEntry(mirror, suite));
  const settings = {
    "Dir::State::lists": at("lists"),
    "Dir::State::status": at("status"),
    "Dir::Cache": at("cache"),
    "Dir::Etc::sourcelist": at("forky.sources"),
    "Dir::Etc::sourceparts": at("sources.d"),
    "Dir::Etc::preferences": at("preferences"),
    "Dir::Etc::preferencesparts": at("preferences.d"),
    "Acquire::Languages": "none",
    "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
    // As root, apt would download as a user who cannot enter this folder, and warn about it.
    ...(process.getuid?.() === 0 ? { "APT::Sandbox::User": "root" } : {}),
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  const what = `Downloading llama-server from Debian ${suite} (${mirror.uri})`;
  const hint = ["Check the network connection, then run the same command again.", ...remedies];
  // Without error-mode=any, apt-get reports a mirror that cannot be reached as a warning.
  await runCommand("apt-get", [...options, "-o", "APT::Update::Error-Mode=any", "update"], {
    what,
    remedies: hint,
  });
  await runCommand("apt-get", [...options, "download", ...packages], { cwd: debs, what, remedies: hint });
  return (await readdir(debs)).filter((name) => name.endsWith(".deb")).map((name) => join(debs, name));
}

/**
 * Writes the starter script. The packages' own C library must be used as a whole, so the script runs their loader.
 * ggml looks for its CPU backends in a fixed system folder and next to the running program, which is the loader:
 * links next to it let ggml itself pick the best backend for the CPU, also when another machine shares this cache.
 */
async function writeStarter(finished, root) {
  const libraries = (await readdir(join(root, "usr/lib"))).find((name) => name.endsWith("-linux-gnu"));
  if (libraries === undefined)
    throw new SetupProblem("The llama-server packages have no library folder.", remedies);
  const libraryFolder = join(root, "usr/lib", libraries);
  const loaders = (await readdir(libraryFolder)).filter((name) => /^ld-linux.*\.so\.\d+$/.test(name));
  // Debian keeps the loader of some architectures one folder up.
  const loader =
    loaders[0] ?? (await readdir(join(root, "usr/lib"))).find((name) => /^ld-linux.*\.so\.\d+$/.test(name));
  if (loader === undefined)
    throw new SetupProblem("The llama-server packages have no program loader.", remedies);
  const loaderFolder = loaders[0] ? libraryFolder : join(root, "usr/lib");
  for (const backends of await backendFolders(libraryFolder)) {
    for (const name of (await readdir(backends)).filter((each) => /^libggml-.*\.so$/.test(each))) {
      await symlink(relative(loaderFolder, join(backends, name)), join(loaderFolder, name));
    }
  }
  const script = [
    "#!/bin/sh",
    "# Starts the llama-server unpacked next to this script, with its own loader and libraries.",
    'here=$(dirname "$(readlink -f "$0")")/root',
    `lib=$here/usr/lib/${libraries}`,
    `exec "$here/${relative(root, join(loaderFolder, loader))}" --library-path "$lib:$lib/llama" "$here/usr/bin/PROGRAM" "$@"`,
  ].join("\n");
  for (const program of ["llama-server", "llama-bench"]) {
    await writeFile(join(finished, program), `${script.replace("PROGRAM", program)}\n`);
    await chmod(join(finished, program), 0o755);
  }
}

/** `ggml/backendsN` folders of the unpacked packages. */
async function backendFolders(libraryFolder) {
  const ggml = join(libraryFolder, "ggml");
  const names = existsSync(ggml) ? await readdir(ggml) : [];
  return names.filter((name) => name.startsWith("backends")).map((name) => join(ggml, name));
}

/** The server must start, and ggml must load a CPU backend (llama-bench says which before it looks for the model). */
async function checkThatItStarts(finished) {
  const version = await tryCommand(join(finished, "llama-server"), ["--version"]);
  const bench = await tryCommand(join(finished, "llama-bench"), ["-m", join(finished, "no-model")]);
  if (version.code === 0 && /loaded CPU backend/.test(bench.output)) return;
  const output = version.code === 0 ? bench.output : version.output;
  throw new SetupProblem(
    `The downloaded llama-server does not start on this machine: ${lastLines(output)}`,
    remedies,
  );
}
