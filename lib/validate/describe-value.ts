/** Describes a wrong value for an error message. Short, and never throws. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
  }
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `the bigint ${value}`;
  if (typeof value !== 'object' || value === null) return String(value);
  try {
    return describeObject(value);
  } catch {
    // A revoked proxy throws whatever it is asked.
    return 'an object';
  }
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array of ${value.length}`;
  if (typeof (value as PromiseLike<unknown>).then === 'function') return 'a promise';
  if (ArrayBuffer.isView(value)) return 'bytes';
  if (value instanceof Map) return 'a Map';
  if (value instanceof Set) return 'a Set';
  if (value instanceof Date) return 'a Date';
  return 'an object';
}
