import { type CallOptions, parseCallOptions } from '../grpc/callOptions';
import type { RequestForm } from '../panel/protocol';
import type { MethodInfo } from '../schema/schema';
import { grpcurlCommand } from './grpcurlCommand';
import type { Server } from './servers';

/** What the panel would send, as a command for grpcurl. Options that can't be read are left out. */
export function formAsGrpcurl(
  server: Pick<Server, 'target' | 'sources'>,
  method: Pick<MethodInfo, 'path'>,
  form: RequestForm,
  defaults: CallOptions,
): string {
  const { protoFiles, importPaths, descriptorSets } = server.sources;
  return grpcurlCommand({
    target: server.target,
    path: method.path,
    body: form.body,
    metadata: form.metadata.filter((row) => row.enabled && row.key.trim() !== ''),
    options: { ...defaults, ...parseCallOptions(form.options).options },
    protoFiles,
    importPaths,
    descriptorSets,
  });
}
