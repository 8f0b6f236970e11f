// The frame around every setup step: a numbered progress line, and the one error type whose text is meant for users.

/** A step that cannot be done. `message` says what happened; `remedies` says what to do by hand, one line each. */
export class SetupProblem extends Error {
  constructor(message, remedies = []) {
    super(message);
    this.name = "SetupProblem";
    this.remedies = remedies;
  }
}

/** The user ended setup by Ctrl-C or SIGTERM; optional steps do not go on after it either. */
export class Interrupted extends SetupProblem {
  constructor() {
    super("Interrupted. Run the same command again to go on from here.");
  }
}

/** Remedy lines in the one order that every problem uses. */
export function remediesFor({ debian, macos, windows, instead }) {
  return [
    `Debian/Ubuntu: ${debian}`,
    `macOS: ${macos}`,
    `Windows: ${windows}`,
    ...(instead ? [`Or use your own: ${instead}`] : []),
  ];
}

/**
 * Runs steps in order and prints one line for each: `[2/5] k6 binary … done in 48 s`.
 * A step is `{ title, optional?, replacement?(), isDone(), run(), result?() }`:
 * `replacement` names the user's own program where there is one, `isDone` decides whether work is needed,
 * `run` does it. With `quiet`, only steps that do work print, on standard error.
 * Optional steps that fail are reported and passed over; their problems are returned.
 */
export async function runSteps(steps, { quiet = false } = {}) {
  const out = quiet ? process.stderr : process.stdout;
  const skipped = [];
  for (const [index, step] of steps.entries()) {
    const head = `[${index + 1}/${steps.length}] ${step.title} … `;
    const own = step.replacement?.();
    if (own) {
      if (!quiet) out.write(`${head}yours: ${own}\n`);
      continue;
    }
    if (await step.isDone()) {
      if (!quiet) out.write(`${head}already there\n`);
      continue;
    }
    out.write(head);
    const startMs = Date.now();
    try {
      await step.run();
    } catch (error) {
      out.write("failed\n");
      if (!(error instanceof SetupProblem && step.optional) || error instanceof Interrupted) throw error;
      process.stderr.write(`${describeProblem(error)}\n`);
      skipped.push(step.title);
      continue;
    }
    out.write(`done in ${Math.max(1, Math.round((Date.now() - startMs) / 1000))} s\n`);
  }
  return skipped;
}

/** The text of a problem with its remedies, as it is shown to users. */
export function describeProblem(problem) {
  return [problem.message, ...problem.remedies.map((line) => `  - ${line}`)].join("\n");
}
