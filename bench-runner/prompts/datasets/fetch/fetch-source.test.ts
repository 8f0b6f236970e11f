// What may be asked for, and what is understood by it.
import { describe, expect, it } from "vitest";
import { toEndpoint, toFetchSource } from "./fetch-source.ts";

const endpoint = "https://hub.test/mirror";
const file = (path: string, revision = "main") => ({ kind: "hub", repo: "me/tiny", file: path, revision });

describe("what is to be fetched", () => {
  const cases: [text: string, source: object][] = [
    ["me/tiny/a/b.json", file("a/b.json")],
    ["me/tiny", file("")],
    ["hf://datasets/me/tiny/a/b.json", file("a/b.json")],
    ["hf://datasets/me/tiny@v1/a/b.json", file("a/b.json", "v1")],
    ["hf://datasets/me/tiny@refs%2Fconvert%2Fparquet/b.json", file("b.json", "refs/convert/parquet")],
    ["https://huggingface.co/datasets/me/tiny/resolve/main/a/b.json?download=true", file("a/b.json")],
    ["https://huggingface.co/datasets/me/tiny/blob/v1/a%20b.json", file("a b.json", "v1")],
    ["https://hub.test/mirror/datasets/me/tiny/resolve/main/b.json", file("b.json")],
    ["https://huggingface.co/datasets/me/tiny", file("")],
    ["https://other.test/datasets/me/tiny/resolve/main/b.json#x", { kind: "url" }],
    ["http://other.test/b.json?key=1", { kind: "url", url: "http://other.test/b.json?key=1" }],
  ];
  it.each(cases)("%s", (text, source) => {
    expect(toFetchSource(text, { endpoint })).toMatchObject(source);
  });

  it("a name of the table, at another revision if one is named", () => {
    expect(toFetchSource("cnn_dailymail", { endpoint, revision: "v2" })).toEqual({
      kind: "hub",
      name: "cnn_dailymail",
      repo: "abisee/cnn_dailymail",
      file: "3.0.0/validation-*.parquet",
      revision: "v2",
    });
  });

  const wrong: [text: string, message: string][] = [
    ["shargpt", "`shargpt` is not a dataset that can be fetched. Expected one of `sharegpt`, "],
    ["constructor", "is not a dataset that can be fetched"],
    ["me/tiny/../../x", "is not a dataset that can be fetched"],
    ["me//x.json", "is not a dataset that can be fetched"],
    ["ftp://host/x/y.json", "is not a dataset that can be fetched"],
    ["hf://models/me/tiny/x.json", "is not a dataset that can be fetched"],
    ["https://", "is not an address"],
    ["https://someone:hunter2@other.test/x.json", "The address of other.test has a user name or a password"],
  ];
  it.each(wrong)("refuses %s", (text, message) => {
    expect(() => toFetchSource(text, { endpoint })).toThrow(message);
    expect(() => toFetchSource(text, { endpoint })).not.toThrow("hunter2");
  });

  it("refuses a revision of an address", () => {
    expect(() => toFetchSource("https://other.test/x.json", { endpoint, revision: "v1" })).toThrow(
      "`--revision` is for files of a hub, not for other.test. Leave it out.",
    );
  });
});

describe("HF_ENDPOINT", () => {
  it.each([
    [undefined, "https://huggingface.co"],
    ["", "https://huggingface.co"],
    ["http://127.0.0.1:8080/", "http://127.0.0.1:8080"],
    ["https://hub.test/mirror", "https://hub.test/mirror"],
  ])("%s → %s", (given, expected) => {
    expect(toEndpoint({ HF_ENDPOINT: given })).toBe(expected);
  });

  it.each(["hub.test", "ftp://hub.test", "https://hub.test?x=1", "https://a:b@hub.test"])(
    "%s is refused",
    (given) => {
      expect(() => toEndpoint({ HF_ENDPOINT: given })).toThrow("HF_ENDPOINT is not an address of a hub.");
    },
  );
});
