// The receipt beside prepared rows: their hash, by which damage is found, and the counts, which are said at each use.
import { readFile, rename, writeFile } from "node:fs/promises";
import { toTemporaryPath } from "../../platform/temporary.ts";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { hashFile } from "./file-hash.ts";
import type { PreparedCounts } from "./prepare.ts";

interface Receipt {
  /** SHA-256 of the prepared rows. */
  sha256: string;
  counts: PreparedCounts;
}

const toReceiptPath = (rowsPath: string) => `${rowsPath}.receipt.json`;

/** The counts of prepared rows; undefined unless both files are there and the rows are those that were written. */
export async function readReceipt(rowsPath: string): Promise<PreparedCounts | undefined> {
  try {
    const { sha256, counts } = JSON.parse(await readFile(toReceiptPath(rowsPath), "utf8")) as Receipt;
    const { hex } = await hashFile(rowsPath, "sha256");
    return hex === sha256 && typeof counts?.written === "number" ? counts : undefined;
  } catch {
    // Missing, unreadable or no JSON: the rows are prepared again, which says what is wrong with the folder.
    return undefined;
  }
}

/** @throws UserError if it cannot be written */
export async function writeReceipt(rowsPath: string, counts: PreparedCounts): Promise<void> {
  const path = toReceiptPath(rowsPath);
  const temporary = toTemporaryPath(path);
  try {
    const receipt: Receipt = { sha256: (await hashFile(rowsPath, "sha256")).hex, counts };
    await writeFile(temporary, JSON.stringify(receipt));
    await rename(temporary, path);
  } catch (error) {
    throw new UserError(
      `Cannot write ${path}: ${systemReason(error)}. Make room there, or choose another cache folder with XDG_CACHE_HOME.`,
    );
  }
}
