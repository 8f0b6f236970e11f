// The command `init`: a first server-bench.yaml in the current directory.
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { EXIT } from "../../platform/exit-codes.ts";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { defineCommand } from "../command.ts";
import { CONFIG_FILE, toConfigYaml } from "../init/config-yaml.ts";

/**
 * @returns the file's absolute path
 * @throws UserError where it exists and may not be replaced, or cannot be written
 */
export function writeConfigYaml(folder: string, mayReplace: boolean): string {
  const path = resolve(folder, CONFIG_FILE);
  try {
    // Checking and writing are one step, so that a file created in between is not replaced.
    writeFileSync(path, toConfigYaml(), { flag: mayReplace ? "w" : "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      throw new UserError(`${path} already exists. Keep it, or replace it with \`init --force\`.`);
    }
    throw new UserError(
      `${path} cannot be written: ${systemReason(error)}. Change to a directory that you can write to.`,
    );
  }
  return path;
}

export const INIT = defineCommand<{ force?: boolean }>({
  name: "init",
  summary: `Writes a commented ${CONFIG_FILE} into the current directory`,
  define: (command) => {
    command.option("--force", "replace an existing file");
  },
  read: (command) => command.opts(),
  run: async ({ force = false }, { print }) => {
    print(
      `${writeConfigYaml(process.cwd(), force)}: the options that matter most, and all others as comments.`,
    );
    return EXIT.ok;
  },
});
