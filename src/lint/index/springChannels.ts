/**
 * The channels that a Spring Boot configuration names, each with whether its calls get a default deadline. What
 * is under `default-channel` holds for channels that it doesn't name (Spring gRPC, "Application Properties").
 */
export function springChannels(path: string, text: string): ReadonlyMap<string, boolean> {
  const channels = new Map<string, boolean>();
  if (!/(?:^|\/)application[\w-]*\.(?:ya?ml|properties)$/.test(path)) {
    return channels;
  }
  for (const key of path.endsWith('.properties') ? propertyKeys(text) : yamlKeys(text)) {
    const [, standard, named, setting] = pattern.exec(key) ?? [];
    const name = standard ?? named;
    if (name !== undefined) {
      channels.set(name, channels.get(name) === true || isDeadline(setting));
    }
  }
  return channels;
}

/** `default-deadline`, and as Spring Boot 4.1 groups it `default.deadline`. */
function isDeadline(setting: string | undefined): boolean {
  return setting === 'default-deadline' || setting === 'default.deadline';
}

/** The channel for names that are not configured. */
export const defaultChannel = 'default-channel';

const pattern =
  /^spring\.grpc\.client\.(?:(default-channel)|channels?\.\[?["']?([\w-]+)["']?\]?)\.(\S+)$/;

function propertyKeys(text: string): string[] {
  return [...text.matchAll(/^[ \t]*([^\s#!=:][^\s=:]*)[ \t]*[=:]/gm)].map(([, key = '']) => key);
}

/** The whole path of each key. Only mappings are read, by their indentation: configuration has little else. */
function yamlKeys(text: string): string[] {
  const keys: string[] = [];
  let around: { readonly indent: number; readonly path: string }[] = [];
  for (const line of text.split('\n')) {
    const [, space = '', key] = /^(\s*)(["']?[\w.[\]-]+["']?)\s*:(?:\s|$)/.exec(line) ?? [];
    if (line.startsWith('---')) {
      around = [];
    } else if (key !== undefined) {
      around = around.filter(({ indent }) => indent < space.length);
      const outer = around.at(-1);
      const name = key.replace(/["']/g, '');
      const path = outer === undefined ? name : `${outer.path}.${name}`;
      around.push({ indent: space.length, path });
      keys.push(path);
    }
  }
  return keys;
}
