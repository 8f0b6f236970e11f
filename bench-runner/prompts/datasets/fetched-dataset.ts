// Fetched datasets and what `--dataset NAME` means: files in the user's cache folder, under names that show their origin.

import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { cacheFolder } from "../../platform/cache-folder.ts";
import type { Variables } from "../../platform/context.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import { type FetchSource, toEndpoint, toFetchSource } from "./fetch/fetch-source.ts";
import { findKnown } from "./known-datasets.ts";

/** A name that every file system accepts, and that stays within its folder. */
const toFileName = (part: string) => part.replace(/[^\w.@-]/g, "_").replace(/^\.+$/, "_");

/**
 * The path of a fetched file: by its own name, or by repository, or by host.
 * @param file the file's path in the repository if `source` has a pattern
 */
export function toFetchedPath(source: FetchSource, variables: Variables, file?: string): string {
  const folder = join(cacheFolder(variables), "datasets");
  if (source.kind === "url") {
    const { host, pathname } = new URL(source.url);
    const parts = pathname.split("/").filter((part) => part !== "");
    return join(folder, ...[host, ...(parts.length === 0 ? ["index"] : parts)].map(toFileName));
  }
  const known = source.name === undefined ? undefined : findKnown(source.name);
  const revision = source.revision === "main" ? "" : `@${source.revision}`;
  if (known !== undefined) return join(folder, toFileName(`${source.name}${revision}${known.extension}`));
  const [owner = "", repo = ""] = source.repo.split("/");
  return join(folder, ...[owner, `${repo}${revision}`, ...(file ?? source.file).split("/")].map(toFileName));
}

/**
 * The file that `datasets fetch NAME` fetched.
 * @param name of the table, or OWNER/REPO/path/in/repo, or an address: as `datasets fetch` takes it
 * @returns its absolute path; undefined if it has not been fetched, or the name cannot be that of a dataset
 */
export function findFetched(name: string, variables: Variables): string | undefined {
  let source: FetchSource;
  try {
    source = toFetchSource(name, { endpoint: toEndpoint(variables) });
  } catch {
    return undefined;
  }
  const path = resolve(toFetchedPath(source, variables));
  return existsSync(path) && statSync(path).isFile() ? path : undefined;
}

/** The message for a name of the table without a file. */
export function describeNotFetched(name: string): string {
  return `Dataset \`${name}\` is not fetched yet: run \`node bench-runner datasets fetch ${name}\`.`;
}

/**
 * What `--dataset` means: a file, if there is one of that name; otherwise a fetched dataset.
 * @returns an absolute path, which need not exist
 * @throws UserError for a name of the table that has not been fetched yet
 */
export function toDatasetPath(given: string, variables: Variables): string {
  const path = resolve(given);
  if (existsSync(path)) return path;
  const fetched = findFetched(given, variables);
  if (fetched === undefined && findKnown(given) !== undefined) {
    throw new UserError(describeNotFetched(given), EXIT.failed);
  }
  return fetched ?? path;
}
