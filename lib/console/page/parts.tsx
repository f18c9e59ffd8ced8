import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { focusHeading } from './heading-focus.js';
import { useText } from './i18n.js';
import type { Problem } from './request.js';
import type { Health } from './tables.js';
import type { Poll } from './use-poll.js';

/** Shows a state of health by colour, shape and word. */
export function HealthBadge({ health }: { health: Health }) {
  const t = useText();
  return <Badge tone={health}>{t(`health.${health}`)}</Badge>;
}

/** Says in one word why a state is unknown. */
export function UnknownBadge({ problem }: { problem: Problem }) {
  const t = useText();
  const tone = problem.kind === 'offline' || problem.kind === 'failed' ? 'unreadable' : 'inactive';
  const word = problem.kind === 'failed' ? t('link.failed', problem.status) : t(`link.${problem.kind}`);
  return <Badge tone={tone}>{word}</Badge>;
}

function Badge({ tone, children }: { tone: Health; children: ComponentChildren }) {
  return (
    <span class={`badge ${tone}`}>
      <span class="dot" aria-hidden="true" />
      {children}
    </span>
  );
}

/** Frames a part of a view under a heading. */
export function Card(props: {
  title?: string;
  aside?: ComponentChildren;
  flush?: boolean;
  children: ComponentChildren;
}) {
  return (
    <section class={props.flush ? 'card flush' : 'card'}>
      {props.title !== undefined && (
        <header class="card-head">
          <h2>{props.title}</h2>
          {props.aside}
        </header>
      )}
      {props.children}
    </section>
  );
}

/** Shows one number with its name. */
export function Stat(props: {
  label: string;
  value: ComponentChildren;
  note?: ComponentChildren;
  tone?: Health;
}) {
  return (
    <div class="stat">
      <div class="stat-label">{props.label}</div>
      <div class={`stat-value ${props.tone ?? ''}`}>{props.value}</div>
      {props.note !== undefined && <div class="stat-note">{props.note}</div>}
    </div>
  );
}

/** Shows the parts of a whole as one bar. */
export function Bar({ parts, label }: { parts: readonly { tone: string; value: number }[]; label: string }) {
  return (
    <div class="bar" role="img" aria-label={label}>
      {parts.map(({ tone, value }) =>
        value > 0 ? (
          <span
            key={tone}
            class={`bar-part ${tone}`}
            ref={(element) => {
              // The policy of the page forbids style attributes; the object model is allowed.
              if (element) element.style.flexGrow = String(value);
            }}
          />
        ) : null,
      )}
    </div>
  );
}

/** Shows why data is missing, and what to do. */
export function ProblemNotice({ problem }: { problem: Problem }) {
  const t = useText();
  return (
    <div class="notice" role="status">
      <strong>{t(`problem.${problem.kind}`)}</strong>
      <p>{t(`problem.${problem.kind}.text`)}</p>
      {problem.kind === 'failed' && problem.message !== '' && (
        <p class="mono">
          {problem.status} {problem.message}
        </p>
      )}
      {problem.kind === 'redirected' && (
        <p>
          <a href="../meta/cluster">{t('problem.redirected.link')}</a>
        </p>
      )}
      {problem.kind === 'unauthorized' && (
        <p>
          <button type="button" onClick={() => location.reload()}>
            {t('problem.unauthorized.button')}
          </button>
        </p>
      )}
    </div>
  );
}

/** Shows a view when its data is there, else what is missing. */
export function WithData<Data>(props: { poll: Poll<Data>; children: (data: Data) => ComponentChildren }) {
  const t = useText();
  const { data, problem } = props.poll;
  if (data !== undefined) return <>{props.children(data)}</>;
  if (problem !== undefined) return <ProblemNotice problem={problem} />;
  return (
    <p class="loading" role="status">
      {t('loading')}
    </p>
  );
}

/** Heads a view. */
export function ViewHead(props: { title: string; note?: ComponentChildren; children?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => focusHeading(heading.current), []);
  return (
    <header class="view-head">
      <div class="view-title">
        <h1 ref={heading} tabIndex={-1}>
          {props.title}
        </h1>
        {props.note !== undefined && <div class="view-note">{props.note}</div>}
      </div>
      {props.children}
    </header>
  );
}
