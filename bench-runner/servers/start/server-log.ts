// What llama-server's last lines mean, where they are cryptic: a download from the hub, a model, memory, an argument. Pure.

interface Cause {
  pattern: RegExp;
  /** One or two sentences: the cause, the remedy. */
  say(match: RegExpExecArray, lines: readonly string[]): string;
}

/** What the status of the hub means. */
function sayHubStatus(status: string): string {
  switch (status) {
    case "401":
    case "403":
      return `Hugging Face refused the repository (${status}): it is private, gated, or its name is wrong. Check \`--hf-repo\`, or set HF_TOKEN.`;
    case "404":
      return "Hugging Face has no such repository (404). Check `--hf-repo OWNER/NAME`.";
    default:
      return `Hugging Face answered ${status}. Try again later, or download the file yourself and give it with \`--model\`.`;
  }
}

/** In this order: the first cause in the chain comes before what follows from it. */
const CAUSES: readonly Cause[] = [
  {
    pattern: /file '([^']*)' not found in repository/,
    say: ([, file], lines) => {
      const there = lines.flatMap((line) => /\s- (\S+\.gguf)\s*$/.exec(line)?.[1] ?? []);
      const list = there.length > 0 ? ` There are: ${there.join(", ")}.` : "";
      return `The repository has no file \`${file}\`: check \`--hf-file\`.${list}`;
    },
  },
  {
    pattern: /get_repo_commit: error: GET failed \((\d+)\)/,
    say: ([, status]) => sayHubStatus(status ?? ""),
  },
  {
    pattern: /get_repo_commit: error: HTTPLIB failed: (.*)/,
    say: ([, reason]) =>
      `Hugging Face could not be reached (${reason?.trim()}). Check the network or HF_ENDPOINT, or give a local file with \`--model\`.`,
  },
  {
    pattern: /failed to download model: Download '[^']*\/([^'/]+)' failed with status code: (-?\d+)/,
    say: ([, file, status]) =>
      status === "404"
        ? `Hugging Face lists \`${file}\` but does not serve it (404). Check \`--hf-file\`.`
        : `The download of \`${file}\` was cut off again and again. What came is kept: run the same command again to go on from there.`,
  },
  {
    pattern: /error: invalid argument: (\S+)/,
    say: ([, argument]) =>
      `It does not know the argument \`${argument}\`: check \`--llama-server-arg\`, or use a newer llama-server.`,
  },
  {
    pattern: /couldn't bind (?:HTTP )?server socket|address already in use/i,
    say: () => "Its port was taken by another program in the meantime: try again, or give another `--port`.",
  },
  {
    pattern: /failed to allocate|out of memory|cudaMalloc failed/i,
    say: () =>
      "Memory did not suffice: try a smaller `--ctx-size`, fewer `--parallel` slots, fewer `--n-gpu-layers` or a smaller model.",
  },
  {
    pattern: /unknown model architecture: '([^']*)'/,
    say: ([, name]) => `It does not know the model architecture \`${name}\`: use a newer llama-server.`,
  },
];

/** The likely cause with its remedy; undefined where the lines speak for themselves. */
export function explainServerLog(lines: readonly string[]): string | undefined {
  for (const { pattern, say } of CAUSES) {
    for (const line of lines) {
      const match = pattern.exec(line);
      if (match !== null) return say(match, lines);
    }
  }
  return undefined;
}
