// Waiting for a moment on an absolute schedule.

/**
 * Waits until `performance.now()` reaches `dueMs`; returns at once where it has.
 * Timers may fire up to a millisecond early, hence the loop; what is late stays late and delays nothing after it.
 * @throws the signal's reason when it is aborted
 */
export async function waitUntil(dueMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  for (let left = dueMs - performance.now(); left > 0; left = dueMs - performance.now()) {
    await sleep(Math.max(left, 1), signal);
  }
}

/** Waits until the signal is aborted, then throws its reason. */
export async function waitForever(signal: AbortSignal): Promise<never> {
  while (true) await sleep(60_000, signal);
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal.addEventListener("abort", abort, { once: true });
  });
}
