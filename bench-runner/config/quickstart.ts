// The profile behind `npm start`: a first run that takes seconds, on a small machine with a small model.

/** By option key, as text; flags and variables win over it. */
export const QUICKSTART: Readonly<Record<string, string>> = {
  name: "quickstart",
  parallel: "4",
  nPrompts: "32",
  // A small model reads a few hundred prompt tokens a second here.
  maxPromptTokens: "40",
  maxTokens: "64",
  seed: "42",
  // A small model rambles: about half of its answers reach 64 tokens, which is not the server's fault.
  truncatedLimit: "1",
  duration: "5m",
};
