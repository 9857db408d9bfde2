/** An `rpc` of a `.proto` file, and where it stands. */
export interface ProtoRpc {
  /** `/market.v1.ListingService/GetListing`. */
  readonly path: string;
  /** Offset of the word `rpc`. */
  readonly offset: number;
}

const nameWord = /[A-Za-z_]\w*/y;

/**
 * The RPCs that a `.proto` file declares, in their order. It is read while somebody types in it: so mistakes are read
 * over, where a parser would refuse the whole file.
 */
export function protoRpcs(text: string): ProtoRpc[] {
  const source = blanked(text);
  const packageName = /(?:^|[;}\s])package\s+([A-Za-z_][\w.]*)\s*;/.exec(source)?.[1];
  const rpcs: ProtoRpc[] = [];
  let service: string | undefined;
  let depth = 0;
  for (const { 0: token, index } of source.matchAll(/[{}]|\b(?:service|rpc)\s+(?=[A-Za-z_])/g)) {
    if (token === '{') {
      depth++;
    } else if (token === '}') {
      depth = Math.max(0, depth - 1);
    } else {
      nameWord.lastIndex = index + token.length;
      const name = nameWord.exec(source)?.[0] ?? '';
      const next = source.slice(nameWord.lastIndex).trimStart()[0];
      if (token.startsWith('service') && next === '{') {
        // A brace that is missing above must not hide all services that follow.
        depth = 0;
        service = packageName === undefined ? name : `${packageName}.${name}`;
      } else if (token.startsWith('rpc') && next === '(' && depth === 1 && service !== undefined) {
        rpcs.push({ path: `/${service}/${name}`, offset: index });
      }
    }
    if (depth === 0 && token === '}') {
      service = undefined;
    }
  }
  return rpcs;
}

/** Comments and strings replaced by as many spaces: places stay, and nothing in them is taken for code. */
function blanked(text: string): string {
  return text.replace(
    /"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g,
    (found) => found.replace(/[^\n]/g, ' '),
  );
}
