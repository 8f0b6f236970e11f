// Fingerprints of the files that a run's load was made from.
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { RUN_FILES } from "../../run-folder/run-files.ts";

export interface IdentityFiles {
  /** Of the prompts in the order in which they were sent. */
  promptsSha256?: string;
  /** Of the moments at which requests were due. */
  scheduleSha256?: string;
}

/** @param folder of a run; repeats have these files one folder above */
export async function readIdentityFiles(folder: string): Promise<IdentityFiles> {
  const [promptsSha256, scheduleSha256] = await Promise.all([
    hashFile(folder, RUN_FILES.prompts),
    hashFile(folder, RUN_FILES.schedule),
  ]);
  return { ...(promptsSha256 && { promptsSha256 }), ...(scheduleSha256 && { scheduleSha256 }) };
}

async function hashFile(folder: string, name: string): Promise<string | undefined> {
  const path = [join(folder, name), join(dirname(folder), name)].find((known) => existsSync(known));
  if (path === undefined) return undefined;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
