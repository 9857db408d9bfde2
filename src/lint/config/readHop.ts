import type { Node } from 'jsonc-parser';
import { type ConfigReader, enumerate } from '../../config/configReader';
import { nearest } from '../../grpc/nearest';
import type { Milliseconds } from '../program/value';
import { type Hop, type HopName, hopNames, knownHops, layer4, layer7 } from './hops';

/** One hop of `path`: a known name, or an object that says what differs from it or what it is. None when it is no use. */
export function readHop(read: ConfigReader, node: Node): readonly Hop[] {
  if (typeof node.value === 'string') {
    const known = hopNamed(node.value);
    if (known === undefined) {
      const meant = nearest(node.value, hopNames);
      read.problem(
        node,
        meant === undefined
          ? `"${node.value}" is not a hop that is known. There are ${enumerate(hopNames)}; write another one as { "name": "${node.value}", "layer": 4, "idleTimeout": "350s" }.`
          : `"${node.value}" is not a hop that is known. Did you mean "${meant}"?`,
      );
    }
    return known === undefined ? [] : [known];
  }
  return readObject(read, node);
}

function readObject(read: ConfigReader, node: Node): readonly Hop[] {
  let name: string | undefined;
  let layer: 4 | 7 | undefined;
  let idleTimeout: Milliseconds | undefined;
  let pingResetsIdle: boolean | undefined;
  if (node.type !== 'object') {
    const example = '{ "name": …, "layer": 4, "idleTimeout": "350s" }';
    read.problem(node, `A hop is a name, or an object: ${example}.`);
    return [];
  }
  read.object(node, 'path', {
    name: (value) => {
      name = typeof value.value === 'string' ? value.value : undefined;
    },
    layer: (value) => {
      if (value.value === 4 || value.value === 7) {
        layer = value.value;
      } else {
        read.problem(
          value,
          '"layer" is 4 for a hop that passes bytes on, 7 for one that speaks HTTP/2 itself.',
        );
      }
    },
    idleTimeout: (value) => {
      idleTimeout = read.duration(value, 'idleTimeout', 1);
    },
    pingResetsIdle: (value) => {
      pingResetsIdle = read.boolean(value, 'pingResetsIdle');
    },
  });
  if (name === undefined || name.trim() === '') {
    read.problem(node, 'A hop needs a "name": one that is known, or your own with its "layer".');
    return [];
  }
  const known = hopNamed(name);
  const base =
    layer === undefined || layer === known?.layer
      ? known
      : ofLayer(layer, known?.name ?? name, known);
  if (base === undefined) {
    const meant = nearest(name, hopNames);
    const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
    read.problem(node, `The hop "${name}" is not known, so it needs a "layer": 4 or 7.${hint}`);
    return [];
  }
  return [
    {
      ...base,
      ...(idleTimeout === undefined ? {} : { idleTimeout }),
      ...(pingResetsIdle === undefined ? {} : { pingResetsIdle }),
    },
  ];
}

function ofLayer(layer: 4 | 7, name: string, known: Hop | undefined): Hop {
  return layer === 4
    ? layer4(name, known?.idleTimeout)
    : layer7(name, known?.idleTimeout, 'connection');
}

function hopNamed(name: string): Hop | undefined {
  return Object.hasOwn(knownHops, name) ? knownHops[name as HopName] : undefined;
}
