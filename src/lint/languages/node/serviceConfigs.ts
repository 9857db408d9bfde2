import type { Scene } from '../../program/semantics';
import type { Span } from '../../program/syntax';
import { instance, unknown, type Value } from '../../program/value';
import { serviceConfigFact } from '../shared/serviceConfig';

const jsonFlavour = 'JSON text';

/** `JSON.stringify(value)`: the text isn't needed, what it says is. */
export function jsonOf(value: Value): Value {
  return instance('other', 'unknown', { flavour: jsonFlavour, properties: { value } });
}

/** What `grpc.service_config` says, as far as it is JSON text: grpc-js throws on an object. */
export function configOf(value: Value): Value {
  if (value.kind === 'instance' && value.flavour === jsonFlavour) {
    return value.properties.value ?? unknown;
  }
  return value.kind === 'constant' ? value : unknown;
}

/** Reports the service config that a client gets, where it is written in the source. */
export function reportServiceConfig(value: Value, span: Span, scene: Scene): void {
  const fact = serviceConfigFact('grpc-js', configOf(value), span);
  if (fact !== undefined) {
    scene.report(fact);
  }
}
