import { describe, expect, it } from "vitest";
import { parseDeb822, parseOneLine, pickMirror, toSourcesEntry } from "./debian-mirror.mjs";

const key = "/usr/share/keyrings/debian-archive-keyring.gpg";
const mirror = "http://mirror.example/debian";
const debianSources = `Types: deb deb-src
# a comment inside
URIs: ${mirror}/
Suites: bookworm bookworm-updates
Components: main
Signed-By: ${key}

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: ${key}
`;

describe("finding the system's Debian mirror", () => {
  const cases = [
    ["deb822 sources, and those of security", parseDeb822(debianSources), { uri: mirror, signedBy: key }],
    [
      "one-line sources, without a key",
      parseOneLine(
        `# deb http://old.example/debian bookworm main\ndeb ${mirror} bookworm main contrib # own\n`,
      ),
      { uri: mirror, signedBy: undefined },
    ],
    [
      "a vendor's archive that uses Debian's suite name comes after Debian",
      [
        ...parseOneLine(
          "deb [arch=amd64 signed-by=/k/vendor.gpg] https://vendor.example/tool bookworm main\n",
        ),
        ...parseOneLine(
          `deb [signed-by=${key}] http://m.example/d bookworm main\ndeb http://m.example/d bookworm-updates main`,
        ),
      ],
      { uri: "http://m.example/d", signedBy: key },
    ],
    [
      "only a vendor's archive: none",
      parseOneLine("deb https://vendor.example/tool bookworm main"),
      undefined,
    ],
    ["a disabled entry: none", parseDeb822(`Enabled: no\n${debianSources.split("\n\n")[0]}`), undefined],
    ["sources of source packages: none", parseOneLine(`deb-src ${mirror} bookworm main`), undefined],
  ];
  it.each(cases)("%s", (_name, entries, wanted) => {
    expect(pickMirror(entries)).toEqual(wanted);
  });

  it("keeps a key from the sources unchanged", () => {
    const [entry] = parseDeb822(
      `Types: deb\nURIs: ${mirror}\nSuites: s\nComponents: main\nSigned-By:\n -----BEGIN\n .\n abc\n`,
    );
    expect(toSourcesEntry(pickMirror([entry]), "forky")).toBe(
      `Types: deb\nURIs: ${mirror}\nSuites: forky\nComponents: main\nSigned-By: -----BEGIN\n .\n abc\n`,
    );
  });
});
