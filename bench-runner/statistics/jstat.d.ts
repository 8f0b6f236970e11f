// The part of jStat that is used here; the package comes without types.
declare module "jstat" {
  const jStat: {
    studentt: {
      /** The value that Student's t with `degrees` of freedom does not exceed with probability `share`. */
      inv(share: number, degrees: number): number;
    };
  };
  export default jStat;
}
