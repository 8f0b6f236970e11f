// A signal to a process that may be gone.

/** @param id of a process, or of a group below 0 @returns false if no process received it */
export function sendSignal(id: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(id, name);
  } catch {
    return false;
  }
}
