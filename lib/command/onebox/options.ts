import type { Option } from '../options/option.js';

/** The options of `pegasus-http onebox`. */
export const ONEBOX_OPTIONS = [
  {
    name: 'freePorts',
    kind: 'boolean',
    default: false,
    places: ['flag'],
    help: 'Listen on free ports of 127.0.0.1 instead of those of the file',
  },
  {
    name: 'printAddresses',
    kind: 'boolean',
    default: false,
    places: ['flag'],
    help: 'Print the addresses of all servers as one line of JSON when they listen, and nothing else',
  },
  {
    name: 'control',
    kind: 'text',
    places: ['flag'],
    value: 'ADDRESS',
    help: 'Serve an interface on this loopback address or port that changes and breaks the cluster; 0 for a free port',
  },
  {
    name: 'allowWrites',
    kind: 'boolean',
    default: false,
    places: ['flag'],
    help: 'Allow requests that change a server, such as /updateConfig',
  },
  {
    name: 'collector',
    kind: 'text',
    places: ['flag'],
    value: 'ADDRESS',
    help: 'Also serve the perf counters of a collector on this address',
    defaultText: '127.0.0.1:34101 without a file and --free-ports, else none',
  },
  {
    name: 'delay',
    kind: 'integer',
    default: 0,
    places: ['flag'],
    value: 'MS',
    max: 99_999,
    help: 'Delay the answers of /meta/* by this many milliseconds',
  },
  {
    name: 'workload',
    kind: 'boolean',
    default: true,
    places: ['flag'],
    help: 'the work that profiles show, which takes a tenth of a core',
  },
  { name: 'help', kind: 'boolean', default: false, places: ['flag'], short: 'h', help: 'Show this help' },
] as const satisfies readonly Option[];
