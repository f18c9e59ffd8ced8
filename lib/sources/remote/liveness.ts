import type { ClusterInfo } from '../../client/index.js';
import { chain, isPromiseLike, type MaybePromise } from '../../model/maybe-promise.js';
import type { CachedRead } from './cached-read.js';
import type { RemoteLiveness } from './types.js';

/** Makes the {@link RemoteLiveness} out of one read that all its functions share. */
export function createLiveness(read: CachedRead<ClusterInfo>): RemoteLiveness {
  function get(): MaybePromise<ClusterInfo | undefined> {
    try {
      const info = read.get();
      return isPromiseLike(info) ? info.then(undefined, () => undefined) : info;
    } catch {
      return undefined;
    }
  }
  return {
    nodes: () => chain(get(), (info) => info?.nodes),
    metaServers: () => chain(get(), (info) => info?.metaServers),
    metaFunctionLevel: () => chain(get(), (info) => info?.metaFunctionLevel),
    balanceOperations: () => chain(get(), (info) => info?.balanceOperations),
  };
}
