// What differs from a commit: committed, not committed, and not even added.
import { tryCommand } from "../../setup/command.mjs";
import { repository } from "../../setup/repository.mjs";

/**
 * @param ref a commit; without one, where this branch left the main one
 * @returns `{ base, files }`: the commit, and paths from the project's root
 */
export async function findChanges(ref) {
  const base = ref ?? (await findBase());
  const changed = await git("diff", "--name-only", base);
  const added = await git("ls-files", "--others", "--exclude-standard");
  return { base, files: [...new Set([...changed, ...added])] };
}

/** The last commit where there is no other branch to compare with. */
async function findBase() {
  for (const branch of ["origin/main", "main"]) {
    const { code, output } = await tryCommand("git", ["merge-base", "HEAD", branch], { cwd: repository });
    if (code === 0) return output.trim();
  }
  return "HEAD";
}

async function git(...args) {
  const { code, output } = await tryCommand("git", args, { cwd: repository });
  if (code !== 0) throw new Error(`\`git ${args.join(" ")}\` failed: ${output.trim()}`);
  return output.split("\n").filter((line) => line !== "");
}
