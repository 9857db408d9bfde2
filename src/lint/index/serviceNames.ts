import type { RpcInfo } from './workspaceIndex';

/**
 * The RPCs that a `.proto` file declares. Only names are needed, and files are read while somebody types in
 * them: so this reads on over mistakes, where a parser would refuse the whole file.
 */
export function rpcsOfProto(text: string): RpcInfo[] {
  const source = withoutComments(text);
  const packageName = /\bpackage\s+([\w.]+)\s*;/.exec(source)?.[1];
  const rpcs: RpcInfo[] = [];
  for (const service of source.matchAll(/\bservice\s+(\w+)\s*\{/g)) {
    const name = packageName === undefined ? service[1] : `${packageName}.${service[1]}`;
    const start = service.index + service[0].length;
    const next = /\b(?:service|message|enum)\s+\w+\s*\{/.exec(source.slice(start));
    const body = source.slice(start, next === null ? undefined : start + next.index);
    for (const [, method = '', up, down] of body.matchAll(rpcPattern)) {
      rpcs.push({
        service: name ?? '',
        method,
        kind: kindOf(up !== undefined, down !== undefined),
      });
    }
  }
  return rpcs;
}

const rpcPattern =
  /\brpc\s+(\w+)\s*\(\s*(stream\s+(?=[\w.]))?[\w.]+\s*\)\s*returns\s*\(\s*(stream\s+(?=[\w.]))?[\w.]+\s*\)/g;

function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
}

function kindOf(up: boolean, down: boolean): RpcInfo['kind'] {
  if (up) {
    return down ? 'bidirectionalStreaming' : 'clientStreaming';
  }
  return down ? 'serverStreaming' : 'unary';
}

/**
 * The RPCs that generated code names. Most generators write the path of each method (gRPC's `:path`,
 * `/package.Service/Method`); those of Java, C#, Ruby and protobuf-es write service and method apart. Whether a
 * method streams is not read: `unary` unless the generator says so next to it.
 */
export function rpcsOfGenerated(text: string): RpcInfo[] {
  const rpcs = new Map<string, RpcInfo>();
  const add = (service: string, method: string, kind: RpcInfo['kind']) => {
    const key = `${service}/${method}`;
    if (!rpcs.has(key)) {
      rpcs.set(key, { service, method, kind });
    }
  };
  for (const { service, body } of splitServices(text)) {
    for (const { pattern, kind } of methodPatterns) {
      for (const [, method = '', ...more] of body.matchAll(pattern)) {
        add(service, method, kind(more));
      }
    }
  }
  for (const [, service = '', method = ''] of text.matchAll(
    /["'`]\/([A-Za-z_][\w.]*)\/([A-Za-z_]\w*)["'`]/g,
  )) {
    add(service, method, streamingNear(text, method));
  }
  return [...rpcs.values()];
}

/** Java, C#, Ruby: the service's name stands once, its methods after it. */
function splitServices(text: string): { service: string; body: string }[] {
  const starts = [
    ...text.matchAll(
      /(?:SERVICE_NAME\s*=\s*|__ServiceName\s*=\s*|service_name\s*=\s*)["']([A-Za-z_][\w.]*)["']/g,
    ),
  ];
  return starts.map((start, at) => ({
    service: start[1] ?? '',
    body: text.slice(start.index, starts[at + 1]?.index),
  }));
}

const methodPatterns: readonly {
  readonly pattern: RegExp;
  readonly kind: (more: readonly (string | undefined)[]) => RpcInfo['kind'];
}[] = [
  {
    // grpc-java
    pattern:
      /generateFullMethodName\(\s*SERVICE_NAME\s*,\s*"(\w+)"\s*\)|MethodType\.(UNARY|CLIENT_STREAMING|SERVER_STREAMING|BIDI_STREAMING)/g,
    kind: () => 'unary',
  },
  {
    // Grpc.Tools
    pattern:
      /MethodType\.(?:Unary|ClientStreaming|ServerStreaming|DuplexStreaming)\s*,\s*__ServiceName\s*,\s*"(\w+)"/g,
    kind: () => 'unary',
  },
  {
    // grpc_tools_ruby_protoc
    pattern: /\brpc\s*\(?:?(\w+)\s*,\s*(stream\()?[^,\n]*,\s*(stream\()?/g,
    kind: ([up, down]) => kindOf(up !== undefined, down !== undefined),
  },
];

/** grpc-go, ts-proto and grpc-tools write these flags within a few lines of the path. */
function streamingNear(text: string, method: string): RpcInfo['kind'] {
  const go = new RegExp(
    `StreamName:\\s*"${method}",[^}]{0,200}?(ServerStreams:\\s*true)?,?\\s*(ClientStreams:\\s*true)?,?\\s*\\}`,
  ).exec(text);
  if (go !== null) {
    return kindOf(go[2] !== undefined, go[1] !== undefined);
  }
  const node = new RegExp(
    `/${method}["'\`],\\s*requestStream:\\s*(true|false),\\s*responseStream:\\s*(true|false)`,
  ).exec(text);
  return node === null ? 'unary' : kindOf(node[1] === 'true', node[2] === 'true');
}
