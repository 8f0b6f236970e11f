// Names that only a program of a test knows: it sees its own /etc/hosts, in a mount namespace of its own.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { makeFolder } from "./k6-run.ts";

/**
 * The words before a command that then, with everything it starts, resolves these names and `localhost` alone.
 * @param addresses by name
 * @returns undefined where this machine permits no namespaces
 */
export function withHosts(addresses: Readonly<Record<string, string>>): readonly string[] | undefined {
  const path = join(makeFolder(), "hosts");
  const lines = Object.entries(addresses).map(([name, address]) => `${address} ${name}`);
  writeFileSync(path, `${["127.0.0.1 localhost", ...lines].join("\n")}\n`);
  const unshare = ["unshare", process.getuid?.() === 0 ? "--mount" : "--map-root-user", "--mount"];
  const words = [...unshare, "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', path];
  const [program = "", ...args] = words;
  return execaSync(program, [...args, "true"], { reject: false }).exitCode === 0 ? words : undefined;
}
