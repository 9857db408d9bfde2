import { type CallOptions, type OptionTexts, parseCallOptions } from '../../grpc/callOptions';
import type { MetadataEntry } from '../../grpc/metadata';
import type { MethodInfo } from '../../schema/schema';
import type { ServerSpec } from '../serverSpec';
import { grpcurlCommand } from './grpcurlCommand';

/** What a person typed for one request, whether it can be read or not. */
interface Form {
  readonly body: string;
  readonly metadata: readonly MetadataEntry[];
  readonly options: OptionTexts;
}

/** What the panel would send, as a command for grpcurl. Options that can't be read are left out. */
export function formAsGrpcurl(
  server: Pick<ServerSpec, 'target' | 'sources'>,
  method: Pick<MethodInfo, 'path'>,
  form: Form,
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
