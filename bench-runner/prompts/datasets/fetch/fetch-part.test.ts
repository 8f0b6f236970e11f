// When a part can be resumed, and when it must not.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { PartFile, type PartNote, toNote, toValidator, toWriteError } from "./fetch-part.ts";

const folder = mkdtempSync(join(tmpdir(), "fetch-part-"));
afterAll(() => rmSync(folder, { recursive: true }));

const url = "http://host.test/x.json?key=hidden";

async function leave(name: string, note: PartNote): Promise<PartFile> {
  const part = new PartFile(join(folder, name));
  const file = await part.open(0, note);
  await file.writeFile("12345");
  await file.close();
  return part;
}

describe("a part", () => {
  it("resumes if address and hash are the same, or the server can tell", async () => {
    const byHash = await leave("a", toNote(url, "ab", undefined));
    expect(await byHash.resumable(toNote(url, "ab", undefined))).toEqual({ bytes: 5 });
    const byEtag = await leave("b", toNote(url, undefined, '"x"'));
    expect(await byEtag.resumable(toNote(url, undefined, undefined))).toEqual({ bytes: 5, validator: '"x"' });
  });

  const cases: [sentence: string, note: PartNote, wanted: PartNote][] = [
    ["another address", toNote("http://host.test/y", "ab", undefined), toNote(url, "ab", undefined)],
    ["another hash", toNote(url, "cd", undefined), toNote(url, "ab", undefined)],
    ["a hash that was not known then", toNote(url, undefined, '"x"'), toNote(url, "ab", undefined)],
    ["neither hash nor validator", toNote(url, undefined, undefined), toNote(url, undefined, undefined)],
  ];
  it.each(cases)("is not used: %s", async (_, note, wanted) => {
    const part = await leave("c", note);
    expect(await part.resumable(wanted)).toEqual({ bytes: 0 });
  });

  it("is not used without its note, or with a damaged one", async () => {
    const part = await leave("d", toNote(url, "ab", undefined));
    writeFileSync(join(folder, "d.part.json"), "{");
    expect(await part.resumable(toNote(url, "ab", undefined))).toEqual({ bytes: 0 });
    rmSync(join(folder, "d.part.json"));
    expect(await part.resumable(toNote(url, "ab", undefined))).toEqual({ bytes: 0 });
  });

  it("has no key of an address in its note", () => {
    expect(JSON.stringify(toNote(url, undefined, undefined))).not.toContain("hidden");
  });
});

it.each([
  [{ ETag: '"x"', "Last-Modified": "then" }, '"x"'],
  [{ ETag: 'W/"x"', "Last-Modified": "then" }, "then"],
  [{ ETag: 'W/"x"' }, undefined],
  [{}, undefined],
])("with %j sends %s as If-Range", (headers, validator) => {
  expect(toValidator(new Headers(headers as Record<string, string>))).toBe(validator);
});

it("reports that the disk is full, and what to do", () => {
  expect(toWriteError("/there/x.part", Object.assign(new Error(), { code: "ENOSPC" })).message).toBe(
    "Cannot write /there/x.part: the disk is full. Make room there, or choose another path with `--output`.",
  );
});
