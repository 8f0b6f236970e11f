// biome-ignore-all lint/suspicious/noTemplateCurlyInString: headers name variables in this form
import { describe, expect, it } from "vitest";
import { hideIn, readHeaders, toAuthStyle, toExtraHeaders, toKeyHeader, toSecrets } from "./headers.ts";

describe("the header of a key", () => {
  const rows: [string, string | undefined, string | undefined, string][] = [
    ["http://h", undefined, undefined, "bearer"],
    ["http://h", undefined, "x-api-key", "x-api-key"],
    ["https://x.openai.azure.com/openai/v1", undefined, "bearer", "api-key"],
    ["https://x.openai.azure.com:443", undefined, "x-api-key", "x-api-key"],
    ["https://gateway/openai/deployments/x?api-version=1", undefined, undefined, "api-key"],
    ["https://openai.azure.com.evil.example/v1", undefined, undefined, "bearer"],
    ["https://x.openai.azure.com", "Authorization", undefined, "bearer"],
    ["http://h", "x-goog-api-key", "bearer", "x-goog-api-key"],
  ];
  it.each(rows)("for %s (`--key-header` %s, API %s) is %s", (url, keyHeader, style, expected) => {
    expect(toAuthStyle({ url, keyHeader }, style)).toBe(expected);
  });

  it("has the key alone, or as a bearer token", () => {
    expect(toKeyHeader("k", "api-key")).toEqual({ "api-key": "k" });
    expect(toKeyHeader("k")).toEqual({ Authorization: "Bearer k" });
  });
});

describe("headers of the user's", () => {
  it("are names and values, with variables filled in", () => {
    const { headers, secrets } = readHeaders(
      ["X-Team: search", "X-Key:${MY_KEY}", "X-Both: a ${MY_KEY}: b"],
      {
        MY_KEY: "sesame-1",
      },
    );
    expect(headers).toEqual({ "X-Team": "search", "X-Key": "sesame-1", "X-Both": "a sesame-1: b" });
    expect(secrets).toEqual(["sesame-1", "a sesame-1: b"]);
  });

  it("are secret unless their name is known to be harmless, also without a variable", () => {
    const texts = ["Cookie: id=sesame-1", "X-Gateway: sesame-2", "User-Agent: sesame-3", "x-TEAM: sesame-4"];
    expect(readHeaders(texts, {}).secrets).toEqual(["id=sesame-1", "sesame-2"]);
  });

  const wrong: [string, RegExp][] = [
    ["no-colon-sesame", /expected `Name: value`/],
    [": sesame", /expected `Name: value`/],
    ["a b: sesame", /expected `Name: value`/],
    ["X: sesame ${NOT_SET}", /The header `X` needs the variable `NOT_SET`, which is not set/],
    ["X: sesame\nY: b", /The value of the header `X` has a line break/],
  ];
  it.each(wrong)("%j is one clear sentence, without the value", (text, message) => {
    expect(() => readHeaders([text], {})).toThrow(message);
    expect(() => readHeaders([text], {})).not.toThrow(/sesame/);
  });
});

describe("the key", () => {
  it("is sent in the header that the API expects", () => {
    expect(toKeyHeader("k")).toEqual({ Authorization: "Bearer k" });
    expect(toKeyHeader("k", "x-api-key")).toEqual({ "x-api-key": "k" });
  });

  it("gives way to the user's own header of the same name", () => {
    const from = { apiKey: "sesame-1", texts: ["Authorization: Basic ${B}"], urls: [] };
    const { headers, secrets } = toExtraHeaders(from, { B: "sesame-2" });
    expect(headers).toEqual({ Authorization: "Basic sesame-2" });
    expect(secrets).toEqual(["sesame-1", "Basic sesame-2", "sesame-2"]);
  });

  it("in a URL is its password: encoded, decoded, and as Basic authentication sends it", () => {
    const { secrets } = toExtraHeaders(
      { texts: [], urls: ["http://me:ses%40me-1@h/v1", "http://h/v1@x"] },
      {},
    );
    const basic = ["me:ses%40me-1", "me:ses@me-1"].map((login) => Buffer.from(login).toString("base64"));
    const bare = basic.map((text) => text.replace(/=+$/, ""));
    expect(new Set(secrets)).toEqual(new Set(["ses%40me-1", "ses@me-1", ...basic, ...bare]));
  });
});

describe("secrets in a text", () => {
  it("are hidden, the longest first", () => {
    expect(hideIn("a Bearer sesame-1, sesame-1", toSecrets("Bearer sesame-1"))).toBe("a (hidden), (hidden)");
  });

  it("that are short are not hidden: they occur anywhere", () => {
    expect(toSecrets("on")).toEqual([]);
  });
});
