import { countSymbols, type ElfSymbols, loadSymbols } from './elf.js';
import { type MappedFile, mappedFileLines, parseMappedFile } from './memory-maps.js';

/** The names of the native functions in this process: of node and of the libraries that it has loaded. */
export interface NativeSymbols {
  /** Counts the names without loading them. */
  count(): Promise<number>;
  /** Returns the name of the function at each address, `undefined` for an unknown address. */
  symbolize(addresses: readonly number[]): Promise<(string | undefined)[]>;
}

/** Creates a {@link NativeSymbols}. A file's names are loaded with the first address in it and are kept (some 20 MB for node). */
export function createNativeSymbols(): NativeSymbols {
  const tables = new Map<string, Promise<ElfSymbols>>();

  function tableOf(path: string): Promise<ElfSymbols> {
    let table = tables.get(path);
    if (table === undefined) {
      table = loadSymbols(path);
      tables.set(path, table);
    }
    return table;
  }

  return {
    async count() {
      const paths = new Set((await executableFiles()).map(({ path }) => path));
      const counts = await Promise.all(Array.from(paths, countSymbols));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    async symbolize(addresses) {
      const fileAt = createFileFinder(await executableFiles());
      const found = addresses.map(fileAt);
      const loaded = new Map<string, ElfSymbols>();
      for (const path of new Set(found.map((file) => file?.path))) {
        if (path !== undefined) loaded.set(path, await tableOf(path));
      }
      return addresses.map((address, i) => {
        const file = found[i];
        return file && loaded.get(file.path)?.nameAt(address - file.start + file.offset);
      });
    },
  };
}

/** Lists the mapped code by ascending address, which is the order of the system. */
async function executableFiles(): Promise<MappedFile[]> {
  const files = (await mappedFileLines()).map(parseMappedFile);
  return files.filter((file) => file !== undefined).filter(({ executable }) => executable);
}

/** Creates a lookup that first tries the file of the last address, because addresses of a profile are close together. */
function createFileFinder(files: readonly MappedFile[]): (address: number) => MappedFile | undefined {
  let last = files[0];
  return (address) => {
    if (last === undefined || address < last.start || address >= last.end) {
      last = files.find((file) => address < file.end);
    }
    return last !== undefined && address >= last.start ? last : undefined;
  };
}
