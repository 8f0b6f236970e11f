import { describe, expect, it } from "vitest";
import { hideSecretVariables } from "./keys.ts";
import { HIDDEN, hideLineSecrets, hideSecretArgs, secretsOfArgs, secretsOfLine } from "./secrets.ts";

const X = "sesame-1";

describe("a shell line", () => {
  const rows: [line: string, shown: string][] = [
    [`vllm serve m --api-key ${X} --port 1`, `vllm serve m --api-key ${HIDDEN} --port 1`],
    [`serve --api-key=${X}`, `serve --api-key=${HIDDEN}`],
    [`serve --hf-token '${X}' -x`, `serve --hf-token ${HIDDEN} -x`],
    [`serve -hft ${X} -token ${X}`, `serve -hft ${HIDDEN} -token ${HIDDEN}`],
    [`HF_TOKEN=${X} serve`, `HF_TOKEN=${HIDDEN} serve`],
    [`export OPENAI_API_KEY="${X}"; serve`, `export OPENAI_API_KEY=${HIDDEN}; serve`],
    [`DB_PASSWORD=a\\ ${X} serve --ssl-keyfile k`, `DB_PASSWORD=${HIDDEN} serve --ssl-keyfile ${HIDDEN}`],
    [`serve --basic-auth u:${X}`, `serve --basic-auth ${HIDDEN}`],
    [
      `serve --credentials ${X} --client-secret=${X}`,
      `serve --credentials ${HIDDEN} --client-secret=${HIDDEN}`,
    ],
    [`serve --use-auth --api-key ${X}`, `serve --use-auth --api-key ${HIDDEN}`],
    [`curl -H "Authorization: Bearer ${X}" h`, `curl -H "Authorization: ${HIDDEN}" h`],
    [`curl -H 'X-Api-Key: ${X}'`, `curl -H 'X-Api-Key: ${HIDDEN}'`],
    [`curl -u me:${X} h`, `curl -u ${HIDDEN} h`],
    [`serve --header=Bearer\\ x 'bearer ${X}'`, `serve --header=Bearer\\ x 'bearer ${HIDDEN}'`],
    [`serve hf_abcdef sk-abcdef`, `serve ${HIDDEN} ${HIDDEN}`],
    [`serve '{"api_key": "${X}"}'`, `serve '{"api_key": ${HIDDEN}}'`],
    [`serve --upstream HTTP://me:p@${X}@h/?key=${X}`, "serve --upstream HTTP://h/?key=(hidden)"],
  ];
  it.each(rows)("%s", (line, shown) => {
    expect(hideLineSecrets(line)).toBe(shown);
    expect(hideLineSecrets(shown)).toBe(shown);
    if (line.includes(X)) expect(secretsOfLine(line).some((secret) => secret.includes(X))).toBe(true);
  });

  it.each([
    "serve --max-tokens 5 --tokenizer x --max-num-batched-tokens=8k --stop-token-ids 1,2",
    "MAX_TOKENS=64 python -u serve.py --port {port} --model {model}",
    'serve --api-key "$KEY" --hf-token $HF_TOKEN',
    "docker run -p 8000:8000 --tool-call-parser hermes image:latest",
  ])("without secrets stays as it is: %s", (line) => {
    expect(hideLineSecrets(line)).toBe(line);
  });
});

it("hides keys in arguments, however they are written", () => {
  const args = [
    "--api-key",
    X,
    `--hf-token=${X}`,
    "-m",
    "x",
    `--api-key ${X}`,
    "--api-key",
    "--mlock",
    "--password",
    "a b",
  ];
  expect(hideSecretArgs(args)).toEqual([
    ...[
      "--api-key",
      HIDDEN,
      `--hf-token=${HIDDEN}`,
      "-m",
      "x",
      `--api-key ${HIDDEN}`,
      "--api-key",
      "--mlock",
    ],
    ...["--password", HIDDEN],
  ]);
  expect(new Set(secretsOfArgs(args))).toEqual(new Set([X, "a b"]));
});

it("leaves secret variables out, and passwords in URLs", () => {
  const variables = {
    SERVER_BENCH_API_KEY: "sesame",
    SERVER_BENCH_URL: "HTTP://ann:ses@me@h/v1",
    SERVER_BENCH_VUS: "4",
  };
  expect(hideSecretVariables(variables)).toEqual({ SERVER_BENCH_URL: "HTTP://h/v1", SERVER_BENCH_VUS: "4" });
});
