/** A mistake in the arguments of the command, which ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A reason for which a program cannot start, which ends with exit code 1. The message is all that the user sees. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Explains why a server cannot listen. */
export function listenError(error: unknown, address: string, advice: string): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EADDRINUSE':
      return new StartError(`${address} is taken: stop the program that listens there, or ${advice}`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(`${address.replace(/:\d+$/, '')} is no address of this machine`);
    case 'EACCES':
      return new StartError(`${address} needs rights that this process has not: choose a port from 1024`);
    default:
      return new StartError(`cannot listen on ${address}: ${message}`);
  }
}
