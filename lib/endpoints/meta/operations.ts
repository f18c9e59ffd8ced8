import type { App, Cluster } from '../../model/cluster.js';
import type { MaybePromise } from '../../model/maybe-promise.js';
import type { MetaStateSource } from '../../model/source.js';
import type { SourceContext } from '../../model/source-context.js';

/** Reads one table. Concurrent requests for the same table share the call, whatever they render of it. */
export const readApp = {
  part: 'metaState',
  method: 'app',
  key: ({ name }: { readonly name: string }): string => name,
  call: (
    metaState: MetaStateSource,
    { name }: { readonly name: string },
    context: SourceContext,
  ): MaybePromise<App | undefined> => metaState.app(name, context),
} as const;

/** Reads the environment variables of one table, from a source that reads them apart from the table. */
export const readAppEnvs = {
  part: 'metaState',
  method: 'appEnvs',
  key: ({ name }: { readonly name: string }): string => name,
  call: (
    metaState: MetaStateSource,
    { name }: { readonly name: string },
    context: SourceContext,
  ): MaybePromise<App['envs'] | undefined> => metaState.appEnvs?.(name, context),
} as const;

/** Reads the whole cluster. Concurrent requests share the call, whatever they render of it. */
export const readCluster = {
  part: 'metaState',
  method: 'cluster',
  key: (): string => '',
  call: (metaState: MetaStateSource, _: unknown, context: SourceContext): MaybePromise<Cluster> =>
    metaState.cluster(context),
} as const;
