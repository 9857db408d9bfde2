import type { FileFacts } from '../../program/semantics';
import { instance, type Value } from '../../program/value';
import { isOwnClass } from '../shared/ownClasses';
import { connectClient } from './connect';
import { typedClient, typedMetadata } from './grpcClients';
import { connectModules, grpcModules, lastName, niceModules, pathIn } from './modules';
import { typedNestClient } from './nest';

/** Types that only wrap another one. */
const wrappers =
  /^(?:Promise|Readonly|Partial|Required|NonNullable|Awaited|Omit|Pick)<\s*([\s\S]*)>$/;

/** What a declared type says of its value. */
export function typedValue(written: string, file: FileFacts): Value | undefined {
  const type = plainType(written);
  if (type === undefined) {
    return undefined;
  }
  const [name = '', parameters = ''] = split(type);
  if (isOwnClass(name, file.program)) {
    return { kind: 'object of', className: name };
  }
  const path = file.qualified(name);
  const ofGrpc = pathIn(path, grpcModules);
  const ofConnect = pathIn(path, connectModules);
  if (ofGrpc === 'Metadata') {
    return typedMetadata();
  }
  if (isCallOptions(path)) {
    return instance('callOptions', 'inherited', { why: 'its options come from a caller' });
  }
  if (ofConnect !== undefined && /^(Promise|Callback)?Client$/.test(ofConnect)) {
    const maker = ofConnect === 'CallbackClient' ? 'createCallbackClient' : 'createClient';
    return connectClient('unknown', lastName(parameters.replace(/^typeof\s+/, '')), maker);
  }
  return ofGrpc === undefined ? (typedNestClient(path) ?? typedClient(path, file)) : undefined;
}

function isCallOptions(path: string): boolean {
  return [grpcModules, connectModules, niceModules].some(
    (modules) => pathIn(path, modules) === 'CallOptions',
  );
}

/** Without `undefined`, `null` and the types that wrap it; undefined for what is no name. */
function plainType(written: string): string | undefined {
  const type = written
    .replace(/\s*\|\s*(undefined|null)\b/g, '')
    .replace(/^(undefined|null)\s*\|\s*/, '')
    .trim();
  const inner = wrappers.exec(type)?.[1];
  if (inner !== undefined) {
    return plainType(inner.replace(/,[^<>]*$/, ''));
  }
  return /^[\w$.]+(<[\s\S]*>)?$/.test(type) ? type : undefined;
}

/** `Client<typeof X>`: its name, and what stands in the angle brackets. */
function split(type: string): string[] {
  const at = type.indexOf('<');
  return at < 0 ? [type] : [type.slice(0, at), type.slice(at + 1, -1).trim()];
}
