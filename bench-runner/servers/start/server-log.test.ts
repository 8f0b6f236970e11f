import { describe, expect, it } from "vitest";
import { explainServerLog } from "./server-log.ts";

/** Lines of llama-server b11669, as it wrote them with a replacement of the hub. */
const CONSEQUENCES = [
  "0.00.230.510 E llama_model_load_from_file_impl: exactly one out metadata, path_model, and file must be defined",
  "0.00.230.716 E cmn  common_init_: failed to load model ''",
  "0.00.231.305 E srv  llama_server: exiting due to model loading error",
];

describe("llama-server's last lines mean that", () => {
  const rows: [string, string[], string][] = [
    [
      "the repository has no such file, and these it has",
      [
        "0.00.229.312 E common_download_get_hf_plan: file 'other.gguf' not found in repository",
        "0.00.229.323 I Available GGUF files:",
        "0.00.229.324 I  - m.gguf",
      ],
      "The repository has no file `other.gguf`: check `--hf-file`. There are: m.gguf.",
    ],
    [
      "there is no such repository",
      [
        "0.00.036.336 E get_repo_commit: error: GET failed (404): Entry not found",
        "0.00.036.727 W get_repo_files: failed to resolve commit for a/zzz",
      ],
      "Hugging Face has no such repository (404). Check `--hf-repo OWNER/NAME`.",
    ],
    [
      "the repository is not for everybody",
      ["0.00.066.235 E get_repo_commit: error: GET failed (401): The fake hub answers 401"],
      "Hugging Face refused the repository (401): it is private, gated, or its name is wrong. Check `--hf-repo`, or set HF_TOKEN.",
    ],
    [
      "the hub is down",
      ["0.01.275.179 E get_repo_commit: error: GET failed (503): The fake hub answers 503"],
      "Hugging Face answered 503. Try again later, or download the file yourself and give it with `--model`.",
    ],
    [
      "the hub cannot be reached",
      ["0.00.056.286 E get_repo_commit: error: HTTPLIB failed: Could not establish connection"],
      "Hugging Face could not be reached (Could not establish connection). Check the network or HF_ENDPOINT, or give a local file with `--model`.",
    ],
    [
      "the download was cut off",
      [
        "0.06.153.442 E common_download_file_single_online: download failed after 3 attempts",
        "0.06.153.878 E srv  llama_server: failed to download model: Download 'http://h/a/b/resolve/c0/m.gguf' failed with status code: -1",
      ],
      "The download of `m.gguf` was cut off again and again. What came is kept: run the same command again to go on from there.",
    ],
    [
      "a file is listed and not served",
      [
        "E srv  llama_server: failed to download model: Download 'http://h/a/b/resolve/c0/m.gguf' failed with status code: 404",
      ],
      "Hugging Face lists `m.gguf` but does not serve it (404). Check `--hf-file`.",
    ],
    [
      "it does not know an argument",
      ["error: invalid argument: --bogus"],
      "It does not know the argument `--bogus`: check `--llama-server-arg`, or use a newer llama-server.",
    ],
  ];
  it.each(rows)("%s", (_, lines, expected) => {
    expect(explainServerLog([...lines, ...CONSEQUENCES])).toBe(expected);
  });

  it("nothing that we know, where they speak for themselves", () => {
    expect(explainServerLog(CONSEQUENCES)).toBeUndefined();
  });
});
