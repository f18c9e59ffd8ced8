/** Wraps a pure function so that it remembers its last argument and result. */
export function cacheLast<Arg extends string | undefined, Result>(
  compute: (arg: Arg) => Result,
): (arg: Arg) => Result {
  let last: { readonly arg: Arg; readonly result: Result } | undefined;
  return (arg) => {
    if (last === undefined || last.arg !== arg) last = { arg, result: compute(arg) };
    return last.result;
  };
}
