// The command `init`: a first server-bench.yaml in the folder where one stands.
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { Context } from "../../platform/context.ts";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { CONFIG_FILE, toConfigYaml } from "../init/config-yaml.ts";

/**
 * @returns the file's absolute path
 * @throws UserError where it is there already and may not be replaced, or cannot be written
 */
export function writeConfigYaml(folder: string, mayReplace: boolean): string {
  const path = resolve(folder, CONFIG_FILE);
  try {
    // Looking and writing are one step, so that nothing is replaced that came in between.
    writeFileSync(path, toConfigYaml(), { flag: mayReplace ? "w" : "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      throw new UserError(`${path} is there already. Keep it, or replace it by \`init --force\`.`);
    }
    throw new UserError(
      `${path} cannot be written: ${systemReason(error)}. Stand in a folder that you may write to.`,
    );
  }
  return path;
}

export function addInitCommand(program: Command, { print }: Context): void {
  program
    .command("init")
    .description(`writes a commented ${CONFIG_FILE} into this folder`)
    .allowExcessArguments(false)
    .option("--force", "replaces one that is there")
    .action((given: { force?: boolean }) => {
      const path = writeConfigYaml(process.cwd(), given.force === true);
      print(`${path}: the options that matter, and all others as comments.`);
    });
}
