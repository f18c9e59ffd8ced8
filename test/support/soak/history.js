// The states that a cluster has been in, and what a handler that has never seen anything else makes of each.
import { createPegasusHandler } from 'pegasus-http';

/**
 * @typedef {object} Told - A change, as the host tells it.
 * @property {number} sinceMs - A time before it.
 * @property {number} untilMs - A time after it.
 * @property {readonly import('pegasus-http').App[]} changed
 * @property {Omit<import('pegasus-http').Cluster, 'apps'>} rest
 */

/**
 * @typedef {object} Expected
 * @property {number} status
 * @property {string} body
 * @property {string | undefined} etag
 */

/**
 * @typedef {object} State
 * @property {number} sinceMs
 * @property {number} untilMs - When the next one had come; infinity for the last.
 * @property {import('pegasus-http').PegasusHandler} handler
 * @property {Map<string, Promise<Expected>>} made
 */

/** Nothing is asked about states that ended longer ago. */
const KEPT_MS = 10_000;

/** Keeps the last few states, and tells whether an answer is right for one of some time. */
export function history() {
  /** @type {State[]} */
  let states = [];
  /** @type {Map<number, import('pegasus-http').App>} */
  const apps = new Map();

  return {
    /** @param {Told} told */
    add({ sinceMs, untilMs, changed, rest }) {
      const last = states.at(-1);
      if (last !== undefined) last.untilMs = untilMs;
      for (const app of changed) apps.set(app.appId, app);
      const cluster = { ...rest, apps: [...apps.values()] };
      states = states.filter((state) => state.untilMs > untilMs - KEPT_MS);
      states.push({
        sinceMs,
        untilMs: Number.POSITIVE_INFINITY,
        handler: handlerOf(cluster),
        made: new Map(),
      });
    },

    /**
     * @param {string} target
     * @param {number} fromMs
     * @param {number} toMs
     * @returns {Promise<Expected[]>} What was right at some time between.
     */
    async between(target, fromMs, toMs) {
      const those = states.filter(({ sinceMs, untilMs }) => sinceMs <= toMs && untilMs >= fromMs);
      return Promise.all(
        those.map(({ handler, made }) => {
          const expected = made.get(target) ?? answerOf(handler, target);
          made.set(target, expected);
          return expected;
        }),
      );
    },
  };
}

/**
 * A source of plain copies, none of them frozen: nothing that is kept from one answer to the next can be behind these.
 *
 * @param {import('pegasus-http').Cluster} cluster
 */
function handlerOf(cluster) {
  return createPegasusHandler({
    metaState: {
      role: () => ({ role: 'primary' }),
      cluster: () => cluster,
      app: (name) => cluster.apps.findLast(({ appName }) => appName === name),
    },
  });
}

/**
 * @param {import('pegasus-http').PegasusHandler} handler
 * @param {string} target
 * @returns {Promise<Expected>}
 */
function answerOf(handler, target) {
  return new Promise((resolve) => {
    /** @type {string[]} */
    const chunks = [];
    let status = 0;
    /** @type {string | undefined} */
    let etag;
    const res = {
      getHeader() {},
      writeHead(/** @type {number} */ given, /** @type {Record<string, string>} */ headers) {
        status = given;
        etag = headers['etag'];
      },
      write(/** @type {Buffer} */ chunk) {
        chunks.push(chunk.toString());
        return true;
      },
      end(/** @type {Buffer | string} */ chunk = '') {
        resolve({ status, body: chunks.join('') + chunk, etag });
      },
      on() {},
      off() {},
    };
    handler(
      /** @type {any} */ ({ method: 'GET', url: target, headers: {}, socket: {} }),
      /** @type {any} */ (res),
    );
  });
}
