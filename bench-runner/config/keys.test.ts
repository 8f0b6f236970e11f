// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of variables in headers
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findKnownSecrets, findSecrets, refuseKeyFlag, takeKeys } from "./keys.ts";

const folder = mkdtempSync(join(tmpdir(), "server-bench-keys-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe("keys go on by variable", () => {
  it("the first line of a file, without what an editor adds", () => {
    const path = file("key", "\uFEFFsesame-1 \r\nsecond line\n");
    const { flags, variables, secrets } = takeKeys({ "api-key-file": path, vus: "2" }, { A: "b" });
    expect(flags).toEqual({ vus: "2" });
    expect(variables).toEqual({ A: "b", SERVER_BENCH_API_KEY_FILE: path, SERVER_BENCH_API_KEY: "sesame-1" });
    expect(secrets).toEqual(["sesame-1"]);
  });

  it("a flag's file wins over a variable's key", () => {
    const path = file("key", "sesame-1");
    const { variables } = takeKeys({ "api-key-file": path }, { SERVER_BENCH_API_KEY: "sesame-2" });
    expect(variables.SERVER_BENCH_API_KEY).toBe("sesame-1");
  });

  it("headers with a variable in them", () => {
    const { flags, variables, secrets } = takeKeys(
      { header: '["X-Key: ${K}","X-Team: a"]' },
      { K: "sesame-1" },
    );
    expect(flags).toEqual({});
    expect(variables.SERVER_BENCH_HEADERS).toBe('["X-Key: ${K}","X-Team: a"]');
    expect(secrets).toEqual(["sesame-1"]);
  });

  it("passwords in URLs are secrets, wherever the URL is given", () => {
    const found = findSecrets(
      { SERVER_BENCH_AB: '["http://a:sesame-1@h","http://b"]' },
      { url: "http://u:sesame-2@h" },
    );
    expect(found.filter((text) => text.startsWith("sesame"))).toEqual(["sesame-2", "sesame-1"]);
  });

  it("keys in commands and arguments are secrets, by flag, variable and file", () => {
    const variables = { SERVER_BENCH_SERVER_COMMAND: "HF_TOKEN=sesame-1 serve --api-key 'sesame-2'" };
    const others = {
      "llama-server-arg": '["--api-key","sesame-3"]',
      engineArgs: "--api-key=sesame-4",
      "server-env": '["DB_PASSWORD=sesame-5","CUDA_VISIBLE_DEVICES=0,1,2,3"]',
      "k6-out": "influxdb=http://me:sesame-6@h/db",
    };
    expect(findSecrets(variables, others)).toEqual(
      expect.arrayContaining([1, 2, 3, 4, 5, 6].map((n) => `sesame-${n}`)),
    );
    expect(findSecrets(variables, others)).not.toContain("0,1,2,3");
  });

  it("are found of any command, also where a header of theirs has no variable", () => {
    const variables = {
      SERVER_BENCH_HEADERS: "X-Key: ${NOT_SET}",
      SERVER_BENCH_URL: "HTTP://u:sesame-1@h",
      HTTPS_PROXY: "u:sesame-2@proxy:1",
      HF_TOKEN: "sesame-3",
    };
    expect(findKnownSecrets(variables)).toEqual(expect.arrayContaining(["sesame-1", "sesame-2", "sesame-3"]));
  });

  const wrong: [string, Record<string, string>, Record<string, string>, RegExp][] = [
    [
      "an empty file",
      { "api-key-file": file("empty", "\nsesame") },
      {},
      /has no key: its first line is empty/,
    ],
    [
      "a file that is not text",
      { "api-key-file": file("bytes", "a\0b") },
      {},
      /its first line is not plain text/,
    ],
    [
      "a file that is not there",
      { "api-key-file": join(folder, "no") },
      {},
      /cannot be read: it does not exist/,
    ],
    [
      "a key and a file, both by variable",
      {},
      { SERVER_BENCH_API_KEY: "sesame", SERVER_BENCH_API_KEY_FILE: join(folder, "key") },
      /got both/,
    ],
    [
      "a secret header on the command line",
      { header: "Authorization: Bearer sesame" },
      {},
      /would appear in the process list.*--header 'Authorization: \$\{MY_KEY\}'/,
    ],
    ["a header whose variable is not set", { header: "X-Key: ${NO}" }, {}, /needs the variable `NO`/],
  ];
  it.each(wrong)("%s is one clear sentence, without the key", (_, flags, variables, message) => {
    expect(() => takeKeys(flags, variables)).toThrow(message);
    expect(() => takeKeys(flags, variables)).not.toThrow(/sesame/);
  });
});

describe("a flag with a key", () => {
  it.each([
    [["--api-key", "sesame"]],
    [["run", "--api-key=sesame"]],
    [["--apikey", "sesame"]],
    [["--token=sesame"]],
  ])("%j is refused, with the reason and the way", (args) => {
    expect(() => refuseKeyFlag(args)).toThrow(/process list.*`SERVER_BENCH_API_KEY`.*`--api-key-file FILE`/);
    expect(() => refuseKeyFlag(args)).not.toThrow(/sesame/);
  });

  it("is llama-server's where that gets it", () => {
    refuseKeyFlag(["--llama-server-arg", "--api-key", "--llama-server-arg", "x", "--tokenizer", "words"]);
  });
});
