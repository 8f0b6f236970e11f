import { describe, expect, it } from "vitest";
import { type RunNames, toLabel, toRunFolderName } from "./run-names.ts";

describe("a run of a batch", () => {
  const rows: [RunNames, string, string][] = [
    [{ target: "one", model: "m", workload: "w" }, "one · m · w", "03-one-m-w"],
    [{ target: "one", workload: "w" }, "one · w", "03-one-w"],
    [{ model: "models/a b.gguf" }, "models/a b.gguf", "03-a-b.gguf"],
    [{ target: "http://localhost:8000/v1" }, "http://localhost:8000/v1", "03-localhost-8000-v1"],
    [{ target: "서버" }, "서버", "03-run"],
    [{}, "as the options say", "03-run"],
  ];
  it.each(rows)("%j has a label and a folder", (names, label, folder) => {
    expect(toLabel(names)).toBe(label);
    expect(toRunFolderName(3, names, 4)).toBe(folder);
  });

  it("has a number that sorts among many runs, and a name that any file system accepts", () => {
    expect(toRunFolderName(7, { target: "a" }, 100)).toBe("007-a");
    expect(toRunFolderName(1, { target: "x".repeat(300) }, 2)).toHaveLength(79);
  });
});
