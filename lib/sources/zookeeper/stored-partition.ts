import type { Partition } from '../../model/cluster.js';
import { isSamePartition } from '../../model/structural-sharing.js';
import * as check from '../../validate/checks.js';
import type { Intern } from './intern.js';
import { MAX_ADDRESS_LENGTH, parseZnode } from './znode-codec.js';

/** How a partition names its nodes: by IP address, or since Pegasus 2.6 by host name. */
export type AddressForm = 'address' | 'name';

/** A partition as its znode stores it, in both forms. Without any replica both are the same object. */
export interface StoredPartition {
  /** With IP addresses; `undefined` if a replica has none. */
  readonly address: Partition | undefined;
  /** With host names; `undefined` if a replica has none, as in znodes that Pegasus 2.5 has written. */
  readonly name: Partition | undefined;
  /** The IP address and the host name of each node that lost its replica lately, as far as both are known. */
  readonly drops: readonly (readonly [address: string, name: string])[];
}

/** Texts that Pegasus writes for "no address" and "no host name". */
const NO_ADDRESS: readonly unknown[] = ['invalid address', 'invalid host_port', 'invalid host:port', ''];

/** Largest accepted number of secondaries. Pegasus has 2 by default; a list of 100,000 stalls every response that prints it. */
const MAX_SECONDARIES = 100;

const NONE: readonly never[] = Object.freeze([]);

/**
 * Reads a partition's znode.
 *
 * @param intern - Returns one string for equal addresses, because every partition repeats the few addresses of a cluster.
 * @returns `undefined` if the znode is still empty.
 * @throws PegasusError `ERR_INVALID_DATA` with the path and the reason.
 */
export function parsePartition(
  data: Buffer,
  path: string,
  appId: number,
  pidx: number,
  intern: Intern = (value, validate) => validate(value),
): StoredPartition | undefined {
  if (data.length === 0) return undefined;
  return parseZnode(data, path, (stored) => {
    const pid = `${appId}.${pidx}`;
    check.oneOf(stored['pid'] ?? pid, 'pid', [pid]);
    const wanted = stored['max_replica_count'];
    const ballot = check.integer(stored['ballot'], 'ballot', -1);
    const maxReplicaCount = wanted === undefined ? undefined : check.integer(wanted, 'max_replica_count');
    const addresses = parseReplicas(stored, '', intern);
    const names = parseReplicas(stored, 'hp_', intern);
    const address = makePartition(pidx, ballot, addresses, maxReplicaCount);
    const isEmpty = addresses.primary === null && addresses.secondaries.length === 0;
    const hasNames = isComplete(names, addresses);
    return {
      address: isComplete(addresses, names) ? address : undefined,
      name:
        hasNames && !isEmpty
          ? makePartition(pidx, ballot, names, maxReplicaCount)
          : hasNames
            ? address
            : undefined,
      drops: parseDrops(stored['last_drops'], stored['hp_last_drops'], intern),
    };
  });
}

/** Makes a partition by one literal, whose object has no room to spare. */
function makePartition(
  pidx: number,
  ballot: number,
  { primary, secondaries }: Replicas,
  maxReplicaCount: number | undefined,
): Partition {
  return Object.freeze(
    maxReplicaCount === undefined
      ? { pidx, ballot, primary, secondaries }
      : { pidx, ballot, primary, secondaries, maxReplicaCount },
  );
}

/** Returns the stored partition with every part of the old one that is equal. */
export function reusePartition(old: StoredPartition | undefined, fresh: StoredPartition): StoredPartition {
  return {
    address: reuseForm(old?.address, fresh.address),
    name: reuseForm(old?.name, fresh.name),
    drops: fresh.drops,
  };
}

/** Adds the IP address and the host name of each node of a partition. */
export function addNames(names: Map<string, string>, { address, name, drops }: StoredPartition): void {
  for (const [dropped, droppedName] of drops) names.set(dropped, droppedName);
  if (address === undefined || name === undefined || address === name) return;
  if (address.primary !== null && name.primary !== null) names.set(address.primary, name.primary);
  if (address.secondaries.length !== name.secondaries.length) return;
  for (const [i, secondary] of address.secondaries.entries())
    names.set(secondary, name.secondaries[i] as string);
}

function reuseForm(old: Partition | undefined, fresh: Partition | undefined): Partition | undefined {
  return fresh !== undefined && isSamePartition(old, fresh) ? old : fresh;
}

type Replicas = Pick<Partition, 'primary' | 'secondaries'>;

/** Whether one form has every replica that the other one has. */
function isComplete(form: Replicas, other: Replicas): boolean {
  return (
    (form.primary !== null || other.primary === null) && form.secondaries.length >= other.secondaries.length
  );
}

function parseReplicas(
  stored: Readonly<Record<string, unknown>>,
  prefix: '' | 'hp_',
  intern: Intern,
): Replicas {
  return {
    primary: parseAddress(stored[`${prefix}primary`], `${prefix}primary`, intern),
    secondaries: parseSecondaries(stored[`${prefix}secondaries`] ?? NONE, `${prefix}secondaries`, intern),
  };
}

function parseSecondaries(value: unknown, where: string, intern: Intern): readonly string[] {
  if (Array.isArray(value) && value.length > MAX_SECONDARIES)
    check.fail(where, `a list of ${MAX_SECONDARIES} addresses at most`, value);
  if (!Array.isArray(value)) check.fail(where, 'an array', value);
  if (value.length === 0) return NONE;
  const addresses = value.map((item, i) => parseAddress(item, where, intern, i));
  // The copy has no room to spare, which an array that grows has for 16 more items.
  return Object.freeze(addresses.filter((address) => address !== null).slice());
}

/** @param index - The place in a list. A path for the error message is made only when it is needed. */
function parseAddress(value: unknown, where: string, intern: Intern, index?: number): string | null {
  if (value === undefined || NO_ADDRESS.includes(value)) return null;
  const path = () => (index === undefined ? where : `${where}[${index}]`);
  if (typeof value === 'string' && value.length > MAX_ADDRESS_LENGTH)
    check.fail(path(), `an address of ${MAX_ADDRESS_LENGTH} characters at most`, value);
  return intern(value, (text) => check.address(text, path()));
}

/** No response prints these nodes, so that a wrong list is no fault of the partition. */
function parseDrops(addresses: unknown, names: unknown, intern: Intern): StoredPartition['drops'] {
  if (!Array.isArray(addresses) || !Array.isArray(names) || addresses.length === 0) return NONE;
  if (addresses.length !== names.length || names.length > MAX_SECONDARIES) return NONE;
  try {
    return addresses.flatMap((item, i) => {
      const [address, name] = [parseAddress(item, '', intern), parseAddress(names[i], '', intern)];
      return address === null || name === null ? [] : [[address, name] as const];
    });
  } catch {
    return NONE;
  }
}
