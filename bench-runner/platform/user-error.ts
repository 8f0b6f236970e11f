// An error that the user can fix: its message is shown as it is, without a stack.
import { EXIT } from "./exit-codes.ts";

export class UserError extends Error {
  readonly exitCode: number;

  /** @param message one sentence that names the thing and the place, one that names the remedy */
  constructor(message: string, exitCode: number = EXIT.failed) {
    super(message);
    this.name = "UserError";
    this.exitCode = exitCode;
  }
}

/** The reason of a failed file operation, in words a user knows. */
export function systemReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  switch (code) {
    case "ENOSPC":
      return "the disk is full";
    case "EDQUOT":
      return "the disk quota is used up";
    case "EFBIG":
      return "the file would be larger than this process may write (`ulimit -f`)";
    case "EROFS":
      return "the file system is read-only";
    case "EACCES":
    case "EPERM":
      return "permission is missing";
    case "ENOENT":
      return "it does not exist";
    case "ENOTDIR":
      return "a part of the path is a file, not a folder";
    case "EISDIR":
      return "it is a folder";
    case "EEXIST":
      return "it already exists";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
