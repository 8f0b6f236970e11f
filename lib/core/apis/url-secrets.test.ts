import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toBase64 } from "../base64.ts";
import { hideUrlSecrets, hideUrlsIn, secretParametersOf, secretsOfUrl } from "./url-secrets.ts";

describe("what a URL must not show", () => {
  const rows: [url: string, shown: string][] = [
    ["http://h/v1?version=2", "http://h/v1?version=2"],
    [
      "https://me:p%40ss@h/v1?a=1&key=sesame%2F1&access_token=o",
      "https://h/v1?a=1&key=(hidden)&access_token=(hidden)",
    ],
    ["http://me:p@ss@h:80/v1", "http://h:80/v1"],
    ["http://sk-key@h", "http://h"],
    ["HTTP://me:pw@h", "HTTP://h"],
    ["http:\\\\me:pw@h\\v1", "http:\\\\h\\v1"],
    ["https:me:pw@h", "https:h"],
    ["socks5://me:pw@h:1080", "socks5://h:1080"],
    ["me:pw@proxy:3128", "proxy:3128"],
    ["http://me:p/w?x@h/a", "http://h/a"],
    ["http://h:8080/a@b", "http://h:8080/a@b"],
    ["http://[::1]:8080/a@b", "http://[::1]:8080/a@b"],
    ["http://h/#access_token=x&max_tokens=5", "http://h/#access_token=(hidden)&max_tokens=5"],
    ["http://h/?sig=x&code=y", "http://h/?sig=(hidden)&code=(hidden)"],
  ];
  it.each(rows)("%s", (url, shown) => {
    expect(hideUrlSecrets(url)).toBe(shown);
    expect(hideUrlSecrets(shown)).toBe(shown);
    expect(hideUrlsIn(`at \`${shown}\`.`)).toBe(`at \`${shown}\`.`);
  });

  it("is what Node's parser takes for user and password, whatever they are", () => {
    const part = fc.string({ unit: fc.constantFrom(..."abZ09:@%40._-~!$&'()*+,;= \t"), maxLength: 12 });
    const scheme = fc.constantFrom("http://", "HTTPS://", "http:", "https:/", "http:\\\\");
    const rest = fc.constantFrom("", "/v1", "/a@b:c", "?q=a@b", "#x@y", "\\p", ":8080/v1");
    fc.assert(
      fc.property(scheme, part, rest, (start, user, end) => {
        const url = `${start}${user}@host${end}`;
        const [parsed, shown] = [URL.parse(url), URL.parse(hideUrlSecrets(url))];
        fc.pre(parsed !== null);
        expect(shown?.username).toBe("");
        expect(shown?.password).toBe("");
        expect([shown?.host, shown?.pathname]).toEqual([parsed?.host, parsed?.pathname]);
        const [name, password] = [parsed?.username ?? "", parsed?.password ?? ""].map(decode) as [
          string,
          string,
        ];
        if (name + password === "") return;
        expect(secretsOfUrl(url).map(decode)).toContain(password || name);
      }),
    );
  });

  it("is known as it is written, decoded, encoded, and as Basic authentication sends it", () => {
    expect(secretsOfUrl("https://me:p%40ss@h/v1?key=sesame%2F1&access_token=open&version=2")).toEqual(
      [
        ...["p%40ss", "p@ss", "sesame%2F1", "sesame/1", "open"],
        ...["me:p%40ss", "me:p@ss"].map((login) => Buffer.from(login).toString("base64")),
      ].flatMap((text) => (text.endsWith("=") ? [text, text.replace(/=+$/, "")] : [text])),
    );
    expect(secretsOfUrl("http://p@ss@h")).toContain("p%40ss");
    expect(secretsOfUrl("http://h/a@b?version=2")).toEqual([]);
    expect(secretParametersOf("http://h?key=1&b=2&access_token=3&token=")).toEqual(["key", "access_token"]);
  });
});

/** As the standard decodes it: what is no escape stays. */
function decode(text: string): string {
  const bytes = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, "latin1").toString();
}

it("base64 is Node's", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(toBase64(text)).toBe(Buffer.from(text).toString("base64"));
    }),
  );
});
