import { useId, useState } from 'preact/hooks';
import { useText } from './i18n.js';
import type { ApiParameter, Endpoint } from './openapi.js';
import { BASE } from './request.js';

/** More of a response is cut off. */
const MAX_SHOWN = 20_000;

/** A response as the page shows it. */
interface Shown {
  readonly status: string;
  readonly milliseconds: number;
  readonly text: string;
}

/** Takes the parameters of an endpoint and sends the request. What changes the server asks first. */
export function ApiTrial({ endpoint }: { endpoint: Endpoint }) {
  const t = useText();
  const { path, method, operation } = endpoint;
  const parameters = operation.parameters ?? [];
  const [values, setValues] = useState<Record<string, string>>({});
  const [body, setBody] = useState('');
  const [shown, setShown] = useState<Shown>();
  const [isAsking, setAsking] = useState(false);
  const url = urlOf(path, parameters, values);
  const [contentType] = Object.keys(operation.requestBody?.content ?? {});
  const isWrite = operation['x-pegasus-access'] === 'write';

  async function send(): Promise<void> {
    if (isWrite && !isAsking) {
      setAsking(true);
      return;
    }
    setAsking(false);
    setShown(await sendRequest(url, method, contentType, body));
  }
  return (
    <form
      class="trial"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {parameters.map((parameter) => (
        <ParameterField
          key={parameter.name}
          parameter={parameter}
          value={values[parameter.name] ?? ''}
          onInput={(value) => setValues({ ...values, [parameter.name]: value })}
        />
      ))}
      {contentType !== undefined && (
        <label class="field">
          <span>
            {t('api.body')} <span class="muted small">{contentType}</span>
          </span>
          <textarea
            class="mono"
            rows={4}
            value={body}
            onInput={(event) => setBody(event.currentTarget.value)}
          />
        </label>
      )}
      <div class="send">
        <button type="submit" class="accent">
          {t(isAsking ? 'api.confirm' : 'api.send')}
        </button>
        <code class="mono muted">
          {method.toUpperCase()} {url.pathname + url.search}
        </code>
      </div>
      {shown !== undefined && (
        <div role="status">
          <p class="muted small">
            {shown.status} · {shown.milliseconds} ms
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard cannot scroll the response */}
          <pre class="mono response" tabIndex={0}>
            {shown.text}
          </pre>
        </div>
      )}
    </form>
  );
}

function ParameterField(props: { parameter: ApiParameter; value: string; onInput: (value: string) => void }) {
  const t = useText();
  const { parameter, value, onInput } = props;
  const { name, required, schema } = parameter;
  const id = useId();
  if (schema?.type === 'boolean') {
    return (
      <label class="check field">
        <input
          type="checkbox"
          checked={value !== ''}
          onChange={(event) => onInput(event.currentTarget.checked ? 'true' : '')}
        />
        <span class="mono">{name}</span>
      </label>
    );
  }
  return (
    <div class="field">
      <label htmlFor={id}>
        <span class="mono">{name}</span>
        {required && <span class="muted small"> {t('api.required')}</span>}
      </label>
      {schema?.enum === undefined ? (
        <input
          id={id}
          type="text"
          inputMode={schema?.type === 'integer' ? 'numeric' : 'text'}
          required={required ?? false}
          placeholder={schema?.type === 'object' ? 'name=value' : ''}
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      ) : (
        <select id={id} value={value} onChange={(event) => onInput(event.currentTarget.value)}>
          <option value="" />
          {schema.enum.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      )}
    </div>
  );
}

/** A parameter of free names takes `name=value`. */
function urlOf(path: string, parameters: readonly ApiParameter[], values: Record<string, string>): URL {
  const url = new URL(path.replace(/^\//, ''), BASE);
  for (const { name, schema } of parameters) {
    const value = values[name] ?? '';
    if (value === '') continue;
    const [free = '', ...rest] = value.split('=');
    if (schema?.type === 'object') url.searchParams.append(free, rest.join('='));
    else url.searchParams.append(name, schema?.type === 'boolean' ? '' : value);
  }
  return url;
}

async function sendRequest(
  url: URL,
  method: string,
  contentType: string | undefined,
  body: string,
): Promise<Shown> {
  const start = performance.now();
  const elapsed = () => Math.round(performance.now() - start);
  try {
    const headers = { accept: 'application/json, */*', ...(contentType && { 'content-type': contentType }) };
    const init = { method: method.toUpperCase(), headers, cache: 'no-store' as const };
    const response = await fetch(url, contentType === undefined ? init : { ...init, body });
    const text = textOf(response, await response.arrayBuffer());
    return { status: `${response.status} ${response.statusText}`, milliseconds: elapsed(), text };
  } catch (error) {
    return { status: String(error), milliseconds: elapsed(), text: '' };
  }
}

function textOf({ headers }: Response, bytes: ArrayBuffer): string {
  const type = headers.get('content-type') ?? '';
  if (!/json|text/.test(type)) return `${bytes.byteLength} bytes of ${type}`;
  const text = new TextDecoder().decode(bytes);
  const shown = /json/.test(type) && text.length < MAX_SHOWN * 10 ? indented(text) : text;
  return shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}\n…` : shown;
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
