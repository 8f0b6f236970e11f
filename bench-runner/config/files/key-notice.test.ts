import { describe, expect, it } from "vitest";
import { describePlainKey } from "./key-notice.ts";
import { readTargets } from "./read-sections.ts";
import { parseYaml } from "./yaml-file.ts";

describe("a key in a file", () => {
  const rows: [string, string, boolean][] = [
    ["as it is, for a server elsewhere", "base_url: https://llm.example.com, api_key: sk-123", true],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference to a variable
    ["by a variable", "base_url: https://llm.example.com, api_key: '${KEY}'", false],
    ["of a server of this machine", "base_url: http://localhost:8000/v1, api_key: sk-123", false],
    ["that is none", "base_url: https://llm.example.com, api_key: EMPTY", false],
    ["that is not there", "base_url: https://llm.example.com", false],
    [
      "for a name that only begins like this machine's",
      "base_url: http://localhost.example.com, api_key: sk-1",
      true,
    ],
  ];
  it.each(rows)("%s", (_, text, isSaid) => {
    const [target] = readTargets(parseYaml(`- {name: a, ${text}}`, "t.yaml"));
    const notice = target && describePlainKey(target);
    expect(notice !== undefined).toBe(isSaid);
    if (isSaid) expect(notice).toMatch(/^t\.yaml:1: this file contains a key .*`api_key_env: NAME`\.$/);
    expect(notice ?? "").not.toContain("sk-1");
  });
});
