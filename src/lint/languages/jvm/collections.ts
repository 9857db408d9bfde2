import type { Outcome, Site, SiteArgument } from '../../program/semantics';
import type { Entry, ObjectValue, Value } from '../../program/value';
import { pathOf } from './values';

const lists = new Set([
  'java.util.List.of',
  'java.util.Arrays.asList',
  'java.util.Collections.singletonList',
  'com.google.common.collect.ImmutableList.of',
  'listOf',
  'mutableListOf',
  'arrayListOf',
  'java.util.ArrayList',
]);

const maps = new Set([
  'java.util.Map.of',
  'java.util.Collections.singletonMap',
  'com.google.common.collect.ImmutableMap.of',
  'java.util.HashMap',
  'java.util.LinkedHashMap',
  'java.util.TreeMap',
]);

/** What makes maps of pairs. */
const pairMaps = new Set([
  'mapOf',
  'mutableMapOf',
  'hashMapOf',
  'linkedMapOf',
  'java.util.Map.ofEntries',
]);

/** A key and its value, before they are in a map. */
const pair = 'pair';

/** What is built of maps and lists that are written out: a service config is. */
export function collectionCall(site: Site): Outcome | undefined {
  const { receiver, method, arguments: args } = site;
  const path = pathOf(site.callee) ?? (receiver === undefined ? method : '');
  if (lists.has(path)) {
    return {
      value: { kind: 'list', items: args.map(({ value }) => value), isOpen: isSpread(args) },
    };
  }
  if (maps.has(path)) {
    return mapOf(site);
  }
  if (pairMaps.has(path)) {
    return { value: mapOfPairs(site) };
  }
  if (path === 'java.util.Map.entry' || path === 'Pair' || path === 'to') {
    return pairOf(site, args);
  }
  return receiver === undefined ? undefined : changed(site, receiver);
}

function mapOf(site: Site): Outcome {
  const entries = new Map<string, Entry>();
  const { arguments: args } = site;
  // A map that is made from another one.
  let isOpen = args.length % 2 === 1;
  for (let at = 0; at + 1 < args.length; at += 2) {
    isOpen = !put(entries, args[at], args[at + 1]) || isOpen;
  }
  return { value: { kind: 'object', entries, isOpen, span: site.call.span } };
}

function pairOf({ call }: Site, args: readonly SiteArgument[]): Outcome {
  const [key, value] = args;
  const entries = new Map<string, Entry>();
  const isKnown = put(entries, key, value);
  return { value: { kind: 'object', type: pair, entries, isOpen: !isKnown, span: call.span } };
}

function mapOfPairs({ arguments: args, call }: Site): ObjectValue {
  const entries = new Map<string, Entry>();
  let isOpen = isSpread(args);
  for (const { value } of args) {
    if (value.kind !== 'object' || value.type !== pair || value.isOpen) {
      isOpen = true;
      continue;
    }
    for (const [key, entry] of value.entries) {
      entries.set(key, entry);
    }
  }
  return { kind: 'object', entries, isOpen, span: call.span };
}

/** Whether the key can be read. */
function put(
  entries: Map<string, Entry>,
  key: SiteArgument | undefined,
  value: SiteArgument | undefined,
): boolean {
  if (key?.value.kind !== 'constant' || value === undefined) {
    return false;
  }
  entries.set(String(key.value.value), {
    value: value.value,
    keySpan: key.span,
    span: value.span,
  });
  return true;
}

function isSpread(args: readonly SiteArgument[]): boolean {
  return args.some(({ spread }) => spread !== undefined);
}

/** `config.put("timeout", "5s")`, `names.add(…)`. */
function changed(site: Site, receiver: Value): Outcome | undefined {
  const { method, arguments: args } = site;
  if (receiver.kind === 'object' && (method === 'put' || method === 'set')) {
    const entries = new Map(receiver.entries);
    const isKnown = put(entries, args[0], args[1]);
    const after: ObjectValue = { ...receiver, entries, isOpen: receiver.isOpen || !isKnown };
    return { value: { kind: 'unknown' }, receiver: after };
  }
  if (receiver.kind === 'list' && method === 'add' && args.length === 1 && args[0] !== undefined) {
    const items = [...receiver.items, args[0].value];
    return { value: { kind: 'unknown' }, receiver: { ...receiver, items } };
  }
  return undefined;
}
