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
 * `/package.Service/Method`); those of Java, C# and Ruby write service and method apart, and protobuf-es names
 * them in a comment. `unary` where the code doesn't say near it whether a method streams.
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
    for (const [, method = '', type = ''] of body.matchAll(javaMethod)) {
      add(service, method, kindNamed(type));
    }
    for (const [, type = '', method = ''] of body.matchAll(csharpMethod)) {
      add(service, method, kindNamed(type));
    }
    for (const [, method = '', up, down] of body.matchAll(rubyMethod)) {
      add(service, method, kindOf(up !== undefined, down !== undefined));
    }
  }
  for (const [, service = '', method = '', type = ''] of text.matchAll(protobufEsMethod)) {
    add(service, method, kindNamed(type));
  }
  for (const [, service = '', method = ''] of text.matchAll(methodPath)) {
    add(service, method, streamingNear(text, method));
  }
  return [...rpcs.values()];
}

/** grpc-go, ts-proto, grpc-tools, grpcio-tools, grpc_cpp_plugin and tonic-build. */
const methodPath = /["'`]\/([A-Za-z_][\w.]*)\/([A-Za-z_]\w*)["'`]/g;
/** `@RpcMethod(fullMethodName = SERVICE_NAME + '/' + "Get", …, methodType = ….UNARY)` */
const javaMethod = /SERVICE_NAME\s*\+\s*'\/'\s*\+\s*"(\w+)"[\s\S]{0,400}?MethodType\.(\w+)/g;
/** `new grpc::Method<…>(grpc::MethodType.Unary, __ServiceName, "Get", …)` */
const csharpMethod = /MethodType\.(\w+)\s*,\s*__ServiceName\s*,\s*"(\w+)"/g;
/** `rpc :Get, ::V1::GetRequest, stream(::V1::Thing)` */
const rubyMethod = /\brpc\s*\(?\s*:(\w+)\s*,\s*(stream\()?[^,\n]*,\s*(stream\()?/g;
/** `@generated from rpc v1.Service.Get`, then `methodKind: "unary"` or `kind: MethodKind.Unary` */
const protobufEsMethod =
  /@generated from rpc ([\w.]+)\.(\w+)[\s\S]{0,400}?(?:methodKind:\s*"|kind:\s*MethodKind\.)(\w+)/g;

/** Java, C#, Ruby: the service's name stands once, its methods after it. */
function splitServices(text: string): { service: string; body: string }[] {
  const starts = [
    ...text.matchAll(
      /(?:SERVICE_NAME|__ServiceName|service_name)\s*=\s*["']([A-Za-z_][\w.]*)["']/g,
    ),
  ];
  return starts.map((start, at) => ({
    service: start[1] ?? '',
    body: text.slice(start.index, starts[at + 1]?.index),
  }));
}

/** `UNARY`, `DuplexStreaming`, `bidi_streaming`, `BiDiStreaming`. */
function kindNamed(type: string): RpcInfo['kind'] {
  const name = type.replaceAll('_', '').toLowerCase();
  return kindOf(/^(?:client|bidi|duplex)/.test(name), /^(?:server|bidi|duplex)/.test(name));
}

/** grpc-go, ts-proto and grpc-tools write these flags within a few lines of the name. */
function streamingNear(text: string, method: string): RpcInfo['kind'] {
  const go = new RegExp(`StreamName:\\s*"${method}",([^}]{0,300})\\}`).exec(text)?.[1];
  if (go !== undefined) {
    return kindOf(/ClientStreams:\s*true/.test(go), /ServerStreams:\s*true/.test(go));
  }
  const node = new RegExp(
    `/${method}["'\`],\\s*requestStream:\\s*(true|false),\\s*responseStream:\\s*(true|false)`,
  ).exec(text);
  return kindOf(node?.[1] === 'true', node?.[2] === 'true');
}
