import { useState } from 'preact/hooks';
import { ApiTrial } from './api-trial.js';
import { useText } from './i18n.js';
import { type Place, replaceQuery } from './location.js';
import { type Endpoint, groupsOf, type OpenApi, responsesOf } from './openapi.js';
import { ViewHead, WithData } from './parts.js';
import { BASE } from './request.js';
import { usePoll } from './use-poll.js';
import { hasPath } from './views.js';
import type { Listing } from './wire.js';

/** Shows the endpoints of the server from its OpenAPI document, and sends requests to them. */
export function ApiView({ place }: { place: Place }) {
  const t = useText();
  const { data: listing, problem } = usePoll<Listing>('');
  const isListed = hasPath(listing, '/openapi.json');
  // A request for what the listing does not have would be an error in the browser's console.
  const isKnown = listing !== undefined || problem !== undefined;
  const document = usePoll<OpenApi>(isKnown && isListed ? 'openapi.json' : undefined);
  const isMissing = !isListed || document.problem?.kind === 'missing';
  return (
    <>
      <ViewHead title={t('nav.api')}>
        {!isMissing && (
          <a class="button" href={new URL('openapi.json', BASE).href}>
            openapi.json
          </a>
        )}
      </ViewHead>
      {isMissing && listing !== undefined && <PlainList listing={listing} />}
      {!isMissing && (
        <WithData poll={document}>{(data) => <Endpoints document={data} place={place} />}</WithData>
      )}
    </>
  );
}

/** Lists the paths of a server that has no OpenAPI document. */
function PlainList({ listing }: { listing: Listing }) {
  const t = useText();
  return (
    <>
      <p class="notice muted">{t('api.missing')}</p>
      <section class="card">
        <dl class="paths">
          {Object.entries(listing).map(([path, help]) => (
            <div key={path}>
              <dt class="mono">{path}</dt>
              <dd>{help}</dd>
            </div>
          ))}
        </dl>
      </section>
    </>
  );
}

function Endpoints({ document, place }: { document: OpenApi; place: Place }) {
  const t = useText();
  const opened = place.query.get('open') ?? '';
  return (
    <>
      <p class="muted api-intro">{t('api.intro')}</p>
      {[...groupsOf(document)].map(([group, endpoints]) => (
        <section class="card flush" key={group}>
          <header class="card-head">
            <h2>{group}</h2>
          </header>
          {endpoints.map((endpoint) => {
            const key = `${endpoint.method} ${endpoint.path}`;
            return (
              <EndpointRow
                key={key}
                endpoint={endpoint}
                document={document}
                isOpen={key === opened}
                onToggle={(isOpen) => {
                  if (isOpen) replaceQuery(place, { open: key });
                  else if (key === opened) replaceQuery(place, { open: '' });
                }}
              />
            );
          })}
        </section>
      ))}
    </>
  );
}

function EndpointRow(props: {
  endpoint: Endpoint;
  document: OpenApi;
  isOpen: boolean;
  onToggle: (isOpen: boolean) => void;
}) {
  const t = useText();
  const { endpoint, document, isOpen, onToggle } = props;
  const { path, method, operation } = endpoint;
  const [wasOpen, setWasOpen] = useState(isOpen);
  return (
    <details
      class="endpoint"
      open={isOpen}
      onToggle={(event) => {
        setWasOpen(true);
        onToggle(event.currentTarget.open);
      }}
    >
      <summary>
        <span class={`method ${method}`}>{method.toUpperCase()}</span>
        <span class="mono path">{path}</span>
        <span class="muted summary">{operation.summary}</span>
        {operation['x-pegasus-access'] === 'write' && <span class="tag unreadable">{t('api.changes')}</span>}
      </summary>
      {(isOpen || wasOpen) && (
        <div class="endpoint-body">
          <ApiTrial endpoint={endpoint} />
          <h3>{t('api.responses')}</h3>
          <dl class="paths">
            {responsesOf(document, operation).map(([status, description]) => (
              <div key={status}>
                <dt class="mono">{status}</dt>
                <dd>{description}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </details>
  );
}
