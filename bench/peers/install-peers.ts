// The peers that this machine can have.
import { UserError } from "../../bench-runner/platform/user-error.ts";
import { type Installed, PEERS } from "./peer.ts";

export interface InstalledPeers {
  /** By name and version. */
  installed: Record<string, Installed>;
  /** Why one is not installed. */
  failures: Record<string, string>;
}

/** Installs what is missing, one peer after another; one that fails leaves the others. */
export async function installPeers(say: (text: string) => void): Promise<InstalledPeers> {
  const result: InstalledPeers = { installed: {}, failures: {} };
  for (const [title, { version, install }] of Object.entries(PEERS)) {
    const name = `${title} ${version}`;
    say(`${name}: installing`);
    try {
      result.installed[name] = await install();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      say(`${name}: ${error.message}`);
      result.failures[name] = error.message;
    }
  }
  return result;
}
