// The error of a dataset that cannot be used.

/** The message says what is wrong with which row of the file. */
export class DatasetError extends Error {}
