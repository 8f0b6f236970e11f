// Where the real servers are installed.
import { join } from "node:path";
import { cacheFolder } from "../../bench-runner/platform/cache-folder.ts";

/** Environments, and models that are made on the spot. */
export const SERVERS_FOLDER: string = join(cacheFolder(process.env), "real-servers");
