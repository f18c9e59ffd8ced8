import { uncachedLargeJson } from '../../http/body.js';
import { chain } from '../../model/maybe-promise.js';
import type { MetricsFilter } from '../../model/metric.js';
import { runInSlices } from '../../render/time-slicing.js';
import { param } from '../../routing/params.js';
import { defineRoute } from '../../routing/route.js';
import * as wire from '../../wire/metrics.js';
import { chooseFields, metricsDocument } from './metrics-document.js';

/** `GET /metrics`. */
export const metricsRoute = defineRoute({
  path: '/metrics',
  group: 'metrics',
  access: 'read',
  summary: 'Returns the metrics of this server that pass all filters; an empty list is no filter.',
  params: {
    types: param.list('entity_type'),
    ids: param.list('entity_id'),
    attributes: param.pairs('attribute'),
    metrics: param.list('metric'),
    with_metric_fields: param.list('field'),
    detail: param.boolean(),
  },
  rejectUnknownParams: true,
  readHasEffects: true,
  source: {
    part: 'metrics',
    method: 'read',
    key: (args) => JSON.stringify(filterOf(args)),
    call: (metrics, args, context) => metrics.read(filterOf(args), context),
  },
  response: { 'application/json': wire.metrics },
  render(snapshot, args) {
    const fields = chooseFields(args.with_metric_fields, args.detail === true);
    return chain(runInSlices(metricsDocument(snapshot, filterOf(args), fields)), uncachedLargeJson);
  },
});

interface FilterArgs {
  readonly types: readonly string[] | undefined;
  readonly ids: readonly string[] | undefined;
  readonly attributes: MetricsFilter['attributes'];
  readonly metrics: readonly string[] | undefined;
}

function filterOf({ types = [], ids = [], attributes, metrics = [] }: FilterArgs): MetricsFilter {
  return { types, ids, attributes, metrics };
}
