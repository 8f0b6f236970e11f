// The error of an option whose value cannot be used.

/** Thrown for a value that does not fit; the message names key, value, expectation and origin. */
export class OptionError extends Error {}
