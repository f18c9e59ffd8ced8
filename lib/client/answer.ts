import { PegasusError, type PegasusErrorCode } from '../model/errors.js';
import type { ErrorDocument } from '../wire/error.js';
import { parseJson } from './bounded-json.js';
import type { HttpAnswer, HttpRequest } from './http-request.js';
import type { WallClock } from './local-time.js';
import type { ServerAddress } from './server-address.js';

/** The answer of a server, and which server said it to what. */
export interface Answer {
  readonly server: string;
  readonly status: number;
  readonly bytes: Buffer;
  /** The clock of the server, by which it prints times. */
  readonly toUnix: WallClock;
  /** The body as text. */
  text(): string;
  /** What the server says of a failure, as one line. */
  reason(): string;
  /** The body as JSON. Throws `ERR_INVALID_DATA`. */
  json(): unknown;
  /** Creates the error of an answer that is not the expected one. */
  error(): PegasusError;
}

/** Creates an {@link Answer}. */
export function createAnswer(
  { name }: ServerAddress,
  { method, target }: HttpRequest,
  { status, body }: HttpAnswer,
  toUnix: WallClock,
): Answer {
  const text = () => body.toString('utf8');
  return {
    server: name,
    status,
    bytes: body,
    toUnix,
    text,
    reason: () => reasonOf(status, text()).message,
    json: () => parseJson(body),
    error() {
      const { code, message } = reasonOf(status, text());
      const said = message === '' ? `status ${status}` : `status ${status}, ${message}`;
      return new PegasusError(code, `${name} answered ${method} ${target.slice(0, 200)} with ${said}`);
    },
  };
}

/** Returns the JSON of a 200, and throws the error of any other answer. */
export function okJson(answer: Answer): unknown {
  if (answer.status !== 200) throw answer.error();
  return answer.json();
}

/** Whether an answer says that there is no such thing, and not that there is no such path. */
export function isNotFound(answer: Answer): boolean {
  return answer.status === 404 && answer.error().code === 'ERR_OBJECT_NOT_FOUND';
}

/** Maximum length of what an error repeats of an answer. */
const MAX_QUOTED = 300;

/** The codes that a real server spells differently. */
const SYNONYMS: Readonly<Record<string, PegasusErrorCode>> = {
  ERR_APP_NOT_EXIST: 'ERR_OBJECT_NOT_FOUND',
  ERR_APP_DROPPED: 'ERR_OBJECT_NOT_FOUND',
};

/** The codes of statuses whose body has none. */
const BY_STATUS: Readonly<Record<number, PegasusErrorCode>> = {
  307: 'ERR_FORWARD_TO_OTHERS',
  400: 'ERR_INVALID_PARAMETERS',
  401: 'ERR_UNAUTHENTICATED',
  403: 'ERR_ACL_DENY',
  404: 'ERR_OBJECT_NOT_FOUND',
  405: 'ERR_HANDLER_NOT_FOUND',
  413: 'ERR_INVALID_PARAMETERS',
  414: 'ERR_INVALID_PARAMETERS',
  503: 'ERR_SERVICE_NOT_ACTIVE',
  504: 'ERR_TIMEOUT',
};

/** Reads the reason of a failure: JSON of this library, or a sentence of a real server. */
function reasonOf(status: number, body: string): { code: PegasusErrorCode; message: string } {
  const { error, message } = ownError(body);
  const sentence = (message ?? body.trim()).slice(0, MAX_QUOTED).replace(/\p{Cc}+/gu, ' ');
  const named = error ?? /^ERR_[A-Z_]+/.exec(sentence)?.[0];
  if (named !== undefined) {
    const code = codeOf(SYNONYMS[named] ?? named);
    if (code !== undefined) return { code, message: sentence };
  }
  if (status === 404 && /^(service|method) not found/.test(sentence))
    return { code: 'ERR_HANDLER_NOT_FOUND', message: sentence };
  return { code: BY_STATUS[status] ?? 'ERR_UNKNOWN', message: sentence };
}

/** Returns the code of that name, if it is one of ours. */
function codeOf(name: string): PegasusErrorCode | undefined {
  const { code } = new PegasusError(name as PegasusErrorCode, '');
  return code === name ? code : undefined;
}

/** Reads `{ "error": ..., "message": ... }`, the error body of this library's handler. */
function ownError(body: string): { error?: string; message?: string } {
  if (!body.startsWith('{"error":')) return {};
  try {
    const { error, message } = JSON.parse(body) as Partial<Record<keyof ErrorDocument, unknown>>;
    return typeof error === 'string' && typeof message === 'string' ? { error, message } : {};
  } catch {
    return {};
  }
}
