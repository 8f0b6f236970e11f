import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { toSmallTokenizer, writeFolder } from "../../../test/unit-support/examples/small-tokenizer.ts";
import { openFileCounter } from "./file-counter.ts";

const small = toSmallTokenizer(["time", "year"]);

describe("openFileCounter", () => {
  it("counts by the file, without the tokens that begin a text", async () => {
    const folder = writeFolder("tokenizer.json", small);
    for (const path of [folder, join(folder, "tokenizer.json")]) {
      const counter = await openFileCounter(path);
      expect(counter).toMatchObject({ by: "tokenizer", name: "tokenizer.json" });
      // " time" and " year" are tokens; "time" at the beginning is four bytes; "é" is two, "🎉" four.
      expect(await counter.count([" time year", "time year", "é🎉", "", "<|end|> time"])).toEqual([
        2, 5, 6, 0, 2,
      ]);
    }
  });

  it("takes merges in their older form, and a file without kind of model and optional parts", async () => {
    const { model } = small as { model: { vocab: object; merges: [string, string][] } };
    const merges = model.merges.map((pair) => pair.join(" "));
    const { pre_tokenizer } = small as { pre_tokenizer: object };
    const folder = writeFolder("tokenizer.json", { pre_tokenizer, model: { vocab: model.vocab, merges } });
    expect(await (await openFileCounter(folder)).count([" time", "time"])).toEqual([1, 4]);
  });

  it("cuts all that Unicode calls a digit", async () => {
    const digits = { type: "Digits", individual_digits: true };
    const bytes = { type: "ByteLevel", add_prefix_space: false, use_regex: false };
    const pre_tokenizer = { type: "Sequence", pretokenizers: [digits, bytes] };
    const model = { type: "BPE", vocab: { "1": 0, "2": 1, "12": 2, Â: 3, "½": 4, "Â½": 5, "Â½Â½": 6 } };
    const merges = [
      ["1", "2"],
      ["Â", "½"],
      ["Â½", "Â½"],
    ]; // prettier: one row
    const folder = writeFolder("tokenizer.json", { pre_tokenizer, model: { ...model, merges } });
    expect(await (await openFileCounter(folder)).count(["12", "½½"])).toEqual([2, 2]);
  });

  it.each<[what: string, name: string, content: object | string, message: RegExp]>([
    ["a folder without one", "other.json", "{}", /is a folder without a tokenizer\.json.*Fetch/],
    ["text that is not JSON", "tokenizer.json", "{", /tokenizer\.json is not JSON, or cut off/],
    [
      "a pointer of Git LFS",
      "tokenizer.json",
      "version https://git-lfs.github.com/spec/v1\n",
      /git lfs pull/,
    ],
    ["a list", "tokenizer.json", "[]", /contains no JSON object/],
    ["another JSON", "tokenizer.json", "{}", /has no model with a vocabulary/],
    [
      "bytes",
      "tokenizer.json",
      "\n\u0000\u0001",
      /binary file, such as SentencePiece's.*Use the tokenizer\.json/,
    ],
    [
      "an unknown model",
      "tokenizer.json",
      { model: { type: "X", vocab: {} } },
      /type "X", which is not supported/,
    ],
    ["a broken model", "tokenizer.json", { model: { type: "BPE", vocab: {} } }, /cannot be used/],
  ])("says what is wrong with %s", async (_, name, content, message) => {
    await expect(openFileCounter(writeFolder(name, content))).rejects.toThrow(message);
  });

  it("reports that a file is missing, or is SentencePiece's, or has a broken config next to it", async () => {
    await expect(openFileCounter("/nowhere/tokenizer.json")).rejects.toThrow(
      "Tokenizer /nowhere/tokenizer.json cannot be read: it does not exist. Check `--tokenizer`",
    );
    const folder = writeFolder("tokenizer.model", "text");
    await expect(openFileCounter(join(folder, "tokenizer.model"))).rejects.toThrow(/Use the tokenizer\.json/);
    writeFileSync(join(folder, "tokenizer.json"), JSON.stringify(small));
    writeFileSync(join(folder, "tokenizer_config.json"), "{");
    await expect(openFileCounter(folder)).rejects.toThrow(/tokenizer_config\.json is not JSON/);
  });
});
