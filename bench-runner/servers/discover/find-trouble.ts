// Why a server cannot be measured as it is: no answer, not ready, a key that is missing or wrong. Pure.
import { isCertificateProblem } from "../../platform/server-request.ts";
import { serverWords } from "../../platform/server-words.ts";
import { UserError } from "../../platform/user-error.ts";
import { type Answers, statusOf } from "./answers.ts";

/**
 * @param shown the server's URL without a password
 * @param hasKey a key was sent
 * @returns undefined for a server that answers, whatever it is
 */
export function findTrouble(answers: Answers, shown: string, hasKey: boolean): UserError | undefined {
  const all = Object.values(answers);
  // A server that does not know a path may hang up on it: only where no request is answered is there no server.
  const problem = all.every((answer) => "problem" in answer) ? all[0] : undefined;
  if (problem !== undefined && "problem" in problem) {
    const said = problem.problem;
    const remedy = isCertificateProblem(said)
      ? "Name its authority with `--ca-file FILE`, or accept any certificate with `--insecure`"
      : "Start it, or check `--url` (`SERVER_BENCH_URL`)";
    const what = isCertificateProblem(said) ? "The certificate of the server" : "No server answers";
    const verdict = isCertificateProblem(said) ? ` is not trusted (${said})` : ` (${said})`;
    return new UserError(`${what} at ${shown}${verdict}. ${remedy}.`);
  }
  if (statusOf(answers["/health"]) === 503) {
    return new UserError(
      `The server at ${shown} is not ready (\`/health\` answered 503). Wait until it has loaded its model, and try again; a run waits for that with \`--ready-timeout 300\`.`,
    );
  }
  const models = answers["/v1/models"];
  const status = statusOf(models);
  if (status === 401 || status === 403) {
    const remedy = hasKey
      ? `Check the key in \`SERVER_BENCH_API_KEY\` (\`--api-key-file\`), and whether the server expects it in another header: \`--header 'Authorization: Bearer \${SERVER_BENCH_API_KEY}'\` or \`--key-header NAME\``
      : "Set `SERVER_BENCH_API_KEY`, or name a file with the key: `--api-key-file FILE`";
    const words = models !== undefined && "text" in models ? serverWords(models.text) : undefined;
    const said = words === undefined ? "" : `: ${words}`;
    return new UserError(
      `The server at ${shown} refuses access (\`/v1/models\` answered ${status}${said}). ${remedy}.`,
    );
  }
  return undefined;
}
