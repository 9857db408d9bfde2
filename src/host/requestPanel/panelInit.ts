import { optionSpecs } from '../../grpc/callOptionSpecs';
import type { CallOptions } from '../../grpc/callOptions';
import type { PanelInit, RequestForm } from '../../panel/protocol';
import { oneLine } from '../../panel/text';
import type { MethodInfo, Schema, ServiceInfo } from '../../schema/schema';
import { type Server, securityLabel } from '../servers';
import type { PanelKey } from './panelKey';

/** What a request panel is about, once the server has been read. */
export interface Subject {
  readonly server: Server;
  readonly schema: Schema;
  readonly service: ServiceInfo;
  readonly method: MethodInfo;
}

/** Everything that the webview needs to draw itself. */
export function panelInit(
  { server, schema, service, method }: Subject,
  form: RequestForm,
  defaults: CallOptions,
  { file, history }: Pick<PanelKey, 'file' | 'history'>,
): PanelInit {
  return {
    target: {
      id: server.id,
      name: oneLine(server.name),
      address: oneLine(server.target.address),
      security: securityLabel(server.target.security),
    },
    method: {
      service: service.name,
      method: method.name,
      kind: method.kind,
      requestType: method.requestType,
      responseType: method.responseType,
      ...(method.comment === undefined ? {} : { comment: method.comment }),
      deprecated: method.deprecated,
    },
    form,
    optionSpecs: optionSpecs(defaults),
    requestSchema: schema.jsonSchema(method.requestType),
    problems: [...service.problems, ...method.problems],
    emptyRequest: isEmptyTemplate(schema.template(method.requestType)),
    ...(file === undefined ? {} : { file }),
    ...(history === undefined ? {} : { history }),
  };
}

/** The template of a type without fields is an empty object. */
function isEmptyTemplate(template: string): boolean {
  return /^\s*\{\s*\}\s*$/.test(template);
}
