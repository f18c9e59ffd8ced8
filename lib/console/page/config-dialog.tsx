import { useEffect, useRef, useState } from 'preact/hooks';
import { useText } from './i18n.js';
import { BASE, problemOf } from './request.js';
import type { ConfigRow } from './wire.js';

/** Asks for the new value of a flag, and changes it only after that. */
export function ConfigDialog({ flag, onClose }: { flag: ConfigRow; onClose: (changed: boolean) => void }) {
  const t = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  const [value, setValue] = useState(flag.value);
  const [error, setError] = useState<string>();
  useEffect(() => dialog.current?.showModal(), []);

  async function change(): Promise<void> {
    const refusal = await changeFlag(flag.name, value);
    if (refusal === undefined) onClose(true);
    else setError(refusal.message === '' ? t(`problem.${refusal.kind}`) : refusal.message);
  }
  return (
    <dialog ref={dialog} aria-label={`${t('config.change')} ${flag.name}`} onClose={() => onClose(false)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void change();
        }}
      >
        <h2>{flag.name}</h2>
        <p class="muted">{flag.description}</p>
        <label>
          {t('config.ask', flag.value)}
          <input
            type="text"
            class="mono"
            value={value}
            onInput={(event) => setValue(event.currentTarget.value)}
          />
        </label>
        <p class="muted small">{t('config.note')}</p>
        {error !== undefined && (
          <p class="failure" role="alert">
            {t('config.failed', error)}
          </p>
        )}
        <div class="dialog-buttons">
          <button type="button" onClick={() => onClose(false)}>
            {t('config.cancel')}
          </button>
          <button type="submit" class="accent">
            {t('config.save')}
          </button>
        </div>
      </form>
    </dialog>
  );
}

type Refusal = { readonly kind: 'offline' | 'forbidden' | 'failed'; readonly message: string };

/** Changes a flag; returns why it is not changed. A refusal of the source has status 200, as in Pegasus. */
async function changeFlag(name: string, value: string): Promise<Refusal | undefined> {
  const query = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  let response: Response;
  try {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    response = await fetch(new URL(`updateConfig?${query}`, BASE), { method: 'POST', headers });
  } catch {
    return { kind: 'offline', message: '' };
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.kind === 'failed') return { kind: 'failed', message: problem.message };
    return { kind: 'forbidden', message: '' };
  }
  const { update_status: status } = (await response.json()) as { update_status: string };
  return status === 'ERR_OK' ? undefined : { kind: 'failed', message: status };
}
