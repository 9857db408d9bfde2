/** What Go's gRPC libraries mean to the interpreter. */
import type { FileFacts, Outcome, Scene, Semantics, Site } from '../../program/semantics';
import {
  alternatives,
  instance,
  join,
  type ObjectValue,
  unknown,
  type Value,
} from '../../program/value';
import { isConfigured } from '../shared/configuredNames';
import { callOptionCall } from './callOptions';
import { channelCall } from './channels';
import { checkKey, contextCall, isContextType, typedContext } from './contexts';
import { optionCall, reportConfig } from './dialOptions';
import { assertion, indexMethod } from './expressions';
import { handlerKind } from './handlers';
import { interceptorCall } from './interceptors';
import { asResult } from './results';
import { rpcCall, rpcOf } from './rpcs';
import { interfaceStub, madeStub, typedStub } from './stubs';
import { arithmetic, timeCall, timeMember } from './time';
import { typesOf } from './types';

type Place = Parameters<Semantics['typed']>[1];

export const semantics: Semantics = {
  global: (name) =>
    name === 'append' || name === 'string' ? { kind: 'symbol', path: name } : unknown,
  typed,
  member,
  call(site, scene) {
    return called(site, scene) ?? { value: unknown };
  },
  literal,
  binary: arithmetic,
  stored(place, _name, value, span, scene) {
    if (place === 'module') {
      checkStored(value, span, scene);
    }
  },
  handler: handlerKind,
};

/** Follows a type through pointers, slices, maps and names of this file. */
function typed(written: string, place: Place, file: FileFacts): Value | undefined {
  const type = written.trim();
  if (type.startsWith('(')) {
    const items = splitTypes(type.slice(1, -1)).map(
      (each) => typed(each.replace(/^\w+\s+(?=[*[\w])/, ''), place, file) ?? unknown,
    );
    return items.every(({ kind }) => kind === 'unknown') ? undefined : { kind: 'tuple', items };
  }
  const element = /^(?:\[[\w.]*\]|map\[[\w.*]+\])([\s\S]+)$/.exec(type)?.[1];
  if (element !== undefined) {
    return listOf(element, place, file);
  }
  const isPointer = type.startsWith('*');
  const name = type.replace(/^\*+/, '').replace(/\[[\s\S]*\]$/, '');
  return typedName(name, isPointer, place, file);
}

function typedName(
  name: string,
  isPointer: boolean,
  place: Place,
  file: FileFacts,
): Value | undefined {
  const types = typesOf(file.program);
  if (types.interfaces.has(name) && !isConfigured(file.settings.stubs, name)) {
    return interfaceStub(types.interfaces.get(name) ?? '');
  }
  if (types.structs.has(name) && !isConfigured(file.settings.stubs, name)) {
    return { kind: 'object of', className: name };
  }
  const alias = types.aliases.get(name);
  if (alias !== undefined && alias !== name) {
    return typed(alias, place, file);
  }
  const path = file.qualified(name);
  switch (path) {
    case 'google.golang.org/grpc.ClientConn':
    case 'google.golang.org/grpc.ClientConnInterface':
      return instance('channel', 'missing');
    default:
      return typedContext(path, place) ?? typedStub(path, isPointer, file);
  }
}

/** Many of one type: the elements are all alike. */
function listOf(element: string, place: Place, file: FileFacts): Value | undefined {
  if (/^grpc\.(?:Dial|Call)Option$/.test(element)) {
    return { kind: 'list', items: [], isOpen: true };
  }
  const of = typed(element, place, file);
  return of === undefined || isContextType(file.qualified(element))
    ? undefined
    : { kind: 'list', items: [of], isOpen: false };
}

/** At commas that stand in no brackets. */
function splitTypes(list: string): string[] {
  const types: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < list.length; at += 1) {
    const character = list.charAt(at);
    if ('([{'.includes(character)) {
      depth += 1;
    } else if (')]}'.includes(character)) {
      depth -= 1;
    } else if (character === ',' && depth === 0) {
      types.push(list.slice(start, at).trim());
      start = at + 1;
    }
  }
  return [...types, list.slice(start).trim()].filter((type) => type !== '');
}

function member(
  object: Value,
  name: string,
  span: { from: number; to: number },
  scene: Scene,
): Value | undefined {
  if (object.kind === 'instance') {
    return rpcOf(object, name) ?? unknown;
  }
  if (object.kind === 'symbol') {
    if (object.path === 'time') {
      return timeMember(name, span);
    }
    const isRoundRobin = object.path === 'google.golang.org/grpc/balancer/roundrobin';
    return isRoundRobin && name === 'Name'
      ? { kind: 'constant', value: 'round_robin', span }
      : undefined;
  }
  return object.kind === 'object of' ? promoted(object.className, name, scene) : undefined;
}

/** A method of what is embedded in a struct. */
function promoted(className: string, name: string, { file }: Scene): Value | undefined {
  for (const type of typesOf(file.program).structs.get(className)?.supers ?? []) {
    const value = typed(type, 'field', file);
    const method = value?.kind === 'instance' ? rpcOf(value, name) : undefined;
    if (method !== undefined) {
      return method;
    }
  }
  return undefined;
}

function called(site: Site, scene: Scene): Outcome | undefined {
  if (rpcCall(site, scene)) {
    return { value: unknown };
  }
  const outcome =
    contextCall(site, scene) ??
    timeCall(site) ??
    channelCall(site, scene) ??
    ofLanguage(site, scene);
  if (outcome !== undefined) {
    return outcome;
  }
  const value =
    helperCall(site, scene) ??
    callOptionCall(site) ??
    optionCall(site, scene) ??
    interceptorCall(site, scene) ??
    madeStub(site, scene);
  return value === undefined ? undefined : { value };
}

/** What belongs to the language, and what is neither a context nor a channel. */
function ofLanguage(site: Site, scene: Scene): Outcome | undefined {
  const { callee, receiver, method, call } = site;
  const values = site.arguments.map(({ value }) => value);
  const [first, second] = values;
  if (method === indexMethod && receiver !== undefined) {
    return { value: elementOf(receiver) };
  }
  if (method === assertion && first !== undefined) {
    const type = call.typeArguments?.[0];
    const said = type === undefined ? undefined : typed(type, 'variable', scene.file);
    return { value: first.kind === 'unknown' ? (said ?? unknown) : first };
  }
  if (method === 'ParseServiceConfig' && receiver !== undefined) {
    reportConfig(site.arguments[0], scene);
    return { value: unknown };
  }
  if (callee.kind !== 'symbol') {
    return undefined;
  }
  switch (callee.path) {
    case 'append':
      return { value: appended(site) };
    case 'string':
      return { value: first ?? unknown };
    case 'fmt.Sprintf':
      return { value: formatted(values, call.span) };
    case 'google.golang.org/grpc/metadata.Pairs':
      for (const [at, { value, span }] of site.arguments.entries()) {
        if (at % 2 === 0) {
          checkKey(value, span, scene);
        }
      }
      return { value: unknown };
    case 'google.golang.org/grpc/metadata.New':
      for (const [key, { keySpan }] of first?.kind === 'object' ? first.entries : []) {
        checkKey({ kind: 'constant', value: key, span: keySpan }, keySpan, scene);
      }
      return { value: second ?? unknown };
    default:
      return undefined;
  }
}

function elementOf(list: Value): Value {
  const items = alternatives(list).flatMap((way) => (way.kind === 'list' ? way.items : [unknown]));
  const [first, ...others] = items;
  return first === undefined ? unknown : others.reduce(join, first);
}

function appended({ arguments: [list, ...added] }: Site): Value {
  const ways = list === undefined ? [] : alternatives(list.value);
  const made = ways.map((way): Value => {
    const items = way.kind === 'list' ? [...way.items] : [];
    // A nil slice is an empty one.
    let isOpen =
      way.kind === 'list' ? way.isOpen : !(way.kind === 'constant' && way.value === null);
    for (const { value, spread } of added) {
      if (spread === undefined) {
        items.push(value);
      } else if (value.kind === 'list') {
        items.push(...value.items);
        isOpen ||= value.isOpen;
      } else {
        isOpen = true;
      }
    }
    return { kind: 'list', items, isOpen };
  });
  const [first, ...others] = made;
  return first === undefined ? unknown : others.reduce(join, first);
}

/** `fmt.Sprintf` of constants: how service configs are often put together. */
function formatted(
  [format, ...values]: readonly Value[],
  span: { from: number; to: number },
): Value {
  if (format?.kind !== 'constant' || typeof format.value !== 'string') {
    return unknown;
  }
  let at = 0;
  let isKnown = true;
  const text = format.value.replace(/%(.)/g, (_, verb: string) => {
    if (verb === '%') {
      return '%';
    }
    const value = values[at];
    at += 1;
    isKnown &&= value?.kind === 'constant' && 'svdq'.includes(verb);
    const said = value?.kind === 'constant' ? String(value.value) : '';
    return verb === 'q' ? JSON.stringify(said) : said;
  });
  return isKnown ? { kind: 'constant', value: text, span } : unknown;
}

/** Functions of frameline.json and of the workspace that give something with a deadline. */
function helperCall(site: Site, scene: Scene): Value | undefined {
  const { callee, method } = site;
  const { settings, index } = scene.file;
  const path = callee.kind === 'symbol' ? callee.path : method;
  if (!isConfigured(settings.helpers, path)) {
    if (/interceptor/i.test(method) || !index.givesDeadline('go', method)) {
      return undefined;
    }
  }
  const why = `${method} gives it one`;
  const made = /client|stub/i.test(method)
    ? instance('stub', 'safe', { why })
    : /conn|dial|channel/i.test(method)
      ? instance('channel', 'safe', { why })
      : instance('context', 'safe', { why });
  return asResult(made, site, scene);
}

/** `&Server{…}` is an object of a struct of this file. */
function literal(
  _value: ObjectValue,
  { type }: Parameters<NonNullable<Semantics['literal']>>[1],
  { file }: Scene,
): Value | undefined {
  return type?.kind === 'name' && typesOf(file.program).structs.has(type.name)
    ? { kind: 'object of', className: type.name }
    : undefined;
}

/** A context with a deadline in a variable of the package: it passes once, and then every call fails. */
function checkStored(value: Value, span: { from: number; to: number }, scene: Scene): void {
  const isBounded = alternatives(value).some(
    (way) => way.kind === 'instance' && way.role === 'context' && way.deadline === 'safe',
  );
  if (isBounded) {
    const message =
      'This context is made once, when the program starts: its deadline passes once, and every call after that fails. Make one for each call.';
    scene.report({ kind: 'misread', span, message });
  }
}
