import { PegasusError } from '../model/errors.js';
import type { Answer } from './answer.js';
import type { HttpRequest } from './http-request.js';
import type { PrimaryFinder } from './primary-finder.js';
import { isTransient, withRetries } from './retry.js';
import type { ServerAddress } from './server-address.js';
import type { Reply, Transport } from './transport.js';

/** Asks the primary meta server. */
export interface AskPrimary {
  /**
   * Reads from the primary, and tries again where that may help.
   *
   * @param parse - Turns an answer of any status but 307 into a value. It may be called for each attempt.
   */
  read<T>(target: string, signal: AbortSignal, parse: (answer: Answer) => T): Promise<T>;
  /** Reads several answers of one primary, one after the other. Begins with the proof that it leads. */
  readAll<T>(signal: AbortSignal, run: (read: ReadOne) => Promise<T>): Promise<T>;
  /** Sends a POST to the primary, once. */
  write<T>(target: string, body: object, signal: AbortSignal, parse: (answer: Answer) => T): Promise<T>;
}

/** Reads one answer of a primary. */
export interface ReadOne {
  <T>(target: string, parse: (answer: Answer) => T): Promise<T>;
  /** The name of the primary. */
  readonly server: string;
}

/** Makes an {@link AskPrimary}. */
export function createAskPrimary(transport: Transport, finder: PrimaryFinder, retries: number): AskPrimary {
  /** Runs an attempt with the primary, which is forgotten if it fails. */
  async function withPrimary<T>(
    signal: AbortSignal,
    attempt: (primary: ServerAddress) => Promise<T>,
  ): Promise<T> {
    const primary = await finder.find(signal);
    try {
      return await attempt(primary);
    } catch (error) {
      if (isTransient(error)) finder.forget(primary);
      throw error;
    }
  }

  async function prove(primary: ServerAddress, signal: AbortSignal): Promise<void> {
    if (!(await finder.leads(primary, signal))) throw notLeading(primary, 'lists no nodes any more');
  }

  async function send(
    primary: ServerAddress,
    request: HttpRequest,
    signal: AbortSignal,
    ownConnection = false,
  ): Promise<Reply> {
    const reply = await transport.send(primary, request, signal, ownConnection);
    if (reply.status === 307) throw notLeading(primary, `redirects to ${reply.location ?? 'no server'}`);
    return reply;
  }

  /**
   * Asks for something that a backup of 2.4 or 2.5 would answer from its empty state.
   *
   * Such a backup is mostly a process that has restarted, so its connections are new: an answer over a new connection counts only after
   * the server has proved that it leads. So does an answer that says that there is nothing, over any connection.
   */
  async function readProved<T>(
    primary: ServerAddress,
    target: string,
    signal: AbortSignal,
    parse: (answer: Answer) => T,
  ): Promise<T> {
    const request: HttpRequest = { method: 'GET', target };
    const reply = await send(primary, request, signal);
    if (reply.isNewConnection) {
      await prove(primary, signal);
      return parseNamed(await send(primary, request, signal), target, parse);
    }
    if (reply.status !== 200) await prove(primary, signal);
    const value = parseNamed(reply, target, parse);
    if (reply.status === 200 && isEmpty(value)) await prove(primary, signal);
    return value;
  }

  return {
    read(target, signal, parse) {
      return withRetries(retries, signal, () =>
        withPrimary(signal, (primary) => readProved(primary, target, signal, parse)),
      );
    },
    readAll(signal, run) {
      return withRetries(retries, signal, () =>
        withPrimary(signal, (primary) => {
          async function read<T>(target: string, parse: (answer: Answer) => T): Promise<T> {
            const reply = await send(primary, { method: 'GET', target }, signal);
            return parseNamed(reply, target, parse);
          }
          return run(Object.assign(read, { server: primary.name }));
        }),
      );
    },
    write(target, body, signal, parse) {
      return withPrimary(signal, async (primary) => {
        await prove(primary, signal);
        const request: HttpRequest = { method: 'POST', target, body: JSON.stringify(body) };
        // A kept connection may be dead already, and the request must not be sent again.
        return parseNamed(await send(primary, request, signal, true), target, parse);
      });
    },
  };
}

/** Parses an answer. Errors name the server and the target. */
export function parseNamed<T>(answer: Answer, target: string, parse: (answer: Answer) => T): T {
  try {
    return parse(answer);
  } catch (error) {
    if (!(error instanceof PegasusError) || error.code !== 'ERR_INVALID_DATA') throw error;
    throw new PegasusError('ERR_INVALID_DATA', `${answer.server}: ${target.slice(0, 200)}: ${error.message}`);
  }
}

function notLeading(primary: ServerAddress, why: string): PegasusError {
  return new PegasusError(
    'ERR_FORWARD_TO_OTHERS',
    `${primary.name} is not the primary meta server: it ${why}`,
  );
}

/** Whether a value is what an empty state holds: none, an empty list, or an empty object. */
function isEmpty(value: unknown): boolean {
  return (
    value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  );
}
