import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { ROOT } from './child.js';

/** What a block has printed so far, in the addresses of the guide. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the blocks of one guide in a folder of its own, one after the other. */
export interface GuideRunner {
  /** Saves a file beside the programs. */
  save(file: string, content: string): void;
  /** Runs a program until it ends, or until all its servers listen; then it goes on until the next one starts. */
  program(code: string, language: string): Promise<Output>;
  /** Runs commands, by bash, until they end or something listens. */
  shell(commands: string): Promise<Output>;
  /** Leads those who connect to one address to another. */
  lead(from: string, to: string): void;
  close(): Promise<void>;
}

const PRELOAD = pathToFileURL(join(ROOT, 'test/support/fixed-ports.js')).href;

/** How long a block may take. */
const PATIENCE_MS = 60_000;

/**
 * What stands in for commands that would change the machine, or that would never end. The packages that a guide installs must be
 * there already, and `npm start` is the onebox itself.
 */
const STAND_INS: Readonly<Record<string, string>> = {
  'apt-get': 'exit 0',
  npm: `case "$1 $2" in
  "install "*) shift; for name in "$@"; do [ -e "$GUIDE_FOLDER/node_modules/$name" ] || { echo "not installed: $name" >&2; exit 1; }; done ;;
  "start "*) shift; [ "\${1:-}" = -- ] && shift; exec node "$GUIDE_ROOT/examples/onebox.js" "$@" ;;
  "run gateway") exec node "$GUIDE_ROOT/examples/zookeeper-gateway.js" ;;
  *) echo "npm $*: not in a guide" >&2; exit 1 ;;
esac`,
  // jest itself runs the same file in test/new-user; here vitest runs it, with the globals of jest.
  // The command is started as npm links it, and packages that -p names are there already.
  npx: `while [ "$1" = -p ]; do shift 2; done
case "$1" in
  pegasus-http) shift; exec node "$GUIDE_FOLDER/node_modules/pegasus-http/dist/command/bin.js" "$@" ;;
  vitest) shift; exec node "$GUIDE_FOLDER/node_modules/vitest/vitest.mjs" "$@" ;;
  jest) exec env NODE_OPTIONS="$GUIDE_NODE_OPTIONS" node "$GUIDE_FOLDER/node_modules/vitest/vitest.mjs" run --globals=true .jest.test. ;;
  *) echo "npx $*: not in a guide" >&2; exit 1 ;;
esac`,
  // The browser's user interface never ends; the same profile as text does.
  go: `args=(); for arg in "$@"; do case "$arg" in -http=*) args+=(-top) ;; *) args+=("$arg") ;; esac; done
exec "$GUIDE_GO" "\${args[@]}"`,
};

/** Where packages come from: what is installed here, or what `npm run new-user` has installed together with this one, packed. */
const { GUIDE_MODULES } = process.env;
const MODULES = GUIDE_MODULES ?? join(ROOT, 'node_modules');

/** Makes the folder: every package that is installed can be imported there, and this one by its name. */
export function guideFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pegasus-http-guide-'));
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(MODULES)) {
    if (!name.startsWith('.')) symlinkSync(join(MODULES, name), join(folder, 'node_modules', name));
  }
  if (GUIDE_MODULES === undefined) symlinkSync(ROOT, join(folder, 'node_modules/pegasus-http'));
  writeFileSync(
    join(folder, 'package.json'),
    '{ "name": "my-service", "version": "3.1.4", "type": "module" }\n',
  );
  return folder;
}

export function guideRunner(): GuideRunner {
  const folder = guideFolder();
  const portsFile = join(folder, '.ports');
  writeFileSync(portsFile, '');
  const bin = join(folder, '.bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(STAND_INS)) {
    writeFileSync(join(bin, name), `#!/bin/bash\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  let running: { child: ChildProcess; closed: Promise<unknown> } | undefined;
  let programs = 0;

  const ports = () =>
    readFileSync(portsFile, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(' ') as [fixed: string, actual: string]);

  const asInGuide = (text: string) =>
    ports().reduce((shown, [fixed, actual]) => shown.replaceAll(actual, fixed), text);

  async function stop(): Promise<void> {
    const { child, closed } = running ?? {};
    running = undefined;
    if (child?.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
    await closed;
  }

  /** @param servers - How many must listen before it goes on; `undefined` if unknown. */
  async function run(command: string, args: string[], servers: number | undefined): Promise<Output> {
    const before = ports().length;
    const output = { stdout: '', stderr: '' };
    const child = spawn(command, args, {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PATH: `${bin}:${process.env['PATH']}`,
        CURL_HOME: folder,
        GUIDE_FOLDER: folder,
        GUIDE_GO: '/usr/bin/go',
        GUIDE_PORTS: portsFile,
        GUIDE_ROOT: ROOT,
        GUIDE_NODE_OPTIONS: `--import ${PRELOAD}`,
        NODE_OPTIONS: `--import ${PRELOAD}`,
        NODE_TEST_CONTEXT: undefined,
        NODE_V8_COVERAGE: undefined,
        PPROF_TMPDIR: folder,
        TOKEN: 'a secret of the guides',
        TZ: 'UTC',
      },
    });
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output.stderr += text;
    });
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    let code: number | null | undefined;
    closed.then((ended) => {
      code = ended ?? -1;
    });
    const shown = () => ({ stdout: asInGuide(output.stdout), stderr: asInGuide(output.stderr) });
    const end = Date.now() + PATIENCE_MS;
    let listening = before;
    let quietSince = Date.now();
    while (code === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const now = ports().length;
      if (now !== listening) quietSince = Date.now();
      listening = now;
      const isUp =
        servers === undefined
          ? listening > before && Date.now() - quietSince > 500
          : listening - before >= servers;
      if (isUp && servers !== 0) {
        running = { child, closed };
        return shown();
      }
      if (Date.now() < end) continue;
      running = { child, closed };
      await stop();
      throw new Error(`it neither ended nor listened in ${PATIENCE_MS} ms: ${output.stdout}${output.stderr}`);
    }
    if (code !== 0) throw new Error(`it ended with ${code}: ${output.stdout}${output.stderr}`);
    return shown();
  }

  return {
    lead: (from, to) => writeFileSync(portsFile, `${from} ${to}\n`, { flag: 'a' }),
    save: (file, content) => writeFileSync(join(folder, file), content),
    async program(code, language) {
      await stop();
      programs += 1;
      const file = `${programs}.${language === 'cjs' ? 'cjs' : 'js'}`;
      writeFileSync(join(folder, file), language === 'ts' ? transpiled(code) : code);
      return run(process.execPath, [file], code.match(/\.listen\(|(?<![.\w])serve\(\{/g)?.length ?? 0);
    },
    async shell(commands) {
      // curl asks for what stands in the guide, and is led to where it is.
      const led = ports().flatMap(([fixed, actual]) => [
        `connect-to = "${fixed}:${actual}"`,
        `connect-to = "${fixed.replace('127.0.0.1', 'localhost')}:${actual}"`,
      ]);
      writeFileSync(join(folder, '.curlrc'), `${led.reverse().join('\n')}\n`);
      // Of several that had the same port in the guide the last one listens.
      const rewritten = Array.from(new Map(ports())).reduce(
        (text, [fixed, actual]) =>
          text.replace(/^.*(?:go tool |google-)pprof.*$/gm, (line) =>
            line.replaceAll(`http://${fixed}`, `http://${actual}`),
          ),
        commands,
      );
      if (/^(npm (install && npm )?(start|run gateway)|npx pegasus-http|node \S+\.js)/m.test(commands))
        await stop();
      return run('bash', ['-euo', 'pipefail', '-c', rewritten], undefined);
    },
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function transpiled(code: string): string {
  const compilerOptions = {
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2023,
    verbatimModuleSyntax: true,
  };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}

/** What the compiler says of TypeScript blocks, each as a module of its own. */
export function typeErrors(blocks: readonly { readonly place: string; readonly code: string }[]): string[] {
  const folder = guideFolder();
  try {
    const places = new Map<string, string>();
    blocks.forEach(({ place, code }, i) => {
      const file = join(folder, `${i}.ts`);
      writeFileSync(file, `${code}\nexport {};\n`);
      places.set(file, place);
    });
    const program = ts.createProgram([...places.keys()], {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: true,
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
      types: ['node'],
      typeRoots: [join(folder, 'node_modules/@types')],
    });
    return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
      const line = file?.getLineAndCharacterOfPosition(start).line ?? 0;
      const place = places.get(file?.fileName ?? '') ?? file?.fileName;
      return `${place} line ${line + 1} of the block: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
