import { invalidParameters } from '../../model/errors.js';
import { describeValue } from '../../validate/describe-value.js';
import type { ConfigFlagDefinition, ConfigFlagDefinitions, ConfigRegistryOptions } from './types.js';

type GroupValidators = NonNullable<ConfigRegistryOptions<ConfigFlagDefinitions>['groupValidators']>;

/**
 * Runs the validator of a flag.
 *
 * @throws PegasusError `ERR_INVALID_PARAMETERS` with the text of the refusal.
 */
export function runValidator(name: string, { validate }: ConfigFlagDefinition, value: unknown): void {
  if (validate === undefined) return;
  const verdict: unknown = validate(value as never);
  if (verdict === true) return;
  const refusal = refusalOf(`validate of flag "${name}"`, verdict);
  throw invalidParameters(refusal === '' ? 'value validation failed' : refusal);
}

/**
 * Runs the validators of several flags together, with Pegasus's text for a refusal.
 *
 * @throws PegasusError `ERR_INVALID_PARAMETERS` with the texts of all refusals.
 */
export function runGroupValidators(
  validators: GroupValidators,
  values: Readonly<Record<string, never>>,
): void {
  const refusals: string[] = [];
  for (const name of Object.keys(validators).sort()) {
    const verdict: unknown = validators[name]?.(values);
    if (verdict === true) continue;
    const refusal = refusalOf(`group validator "${name}"`, verdict);
    refusals.push(`group validator "${name}" failed${refusal === '' ? '' : `: "${refusal}"`}`);
  }
  if (refusals.length > 0) throw invalidParameters(refusals.join('; '));
}

/** A validator that forgets to return must not refuse in silence, nor accept. */
function refusalOf(validator: string, verdict: unknown): string {
  if (verdict === false) return '';
  if (typeof verdict === 'string') return verdict;
  const advice = 'must return true, false or the text of a refusal';
  throw new TypeError(`configRegistry: ${validator} ${advice}, not ${describeValue(verdict)}`);
}
