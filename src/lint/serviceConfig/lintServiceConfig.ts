import type { Node } from 'jsonc-parser';
import { jsonValue, nodeAt, parseJsonTree, spanOf } from '../../config/jsonTree';
import type { Implementation } from '../../grpc/implementation';
import {
  type JsonPath,
  type ServiceConfigIssue,
  serviceConfigIssues,
} from '../../grpc/serviceConfigCheck';
import type { LintSettings } from '../config/settings';
import type { Finding, Replacement } from '../finding';
import type { Span } from '../program/syntax';
import { found } from '../rules/ruleContext';
import { messageOf, reportOf } from './issueText';

/**
 * What is wrong with the text of a service config that stands `offset` behind the start of its file;
 * `implementation` is undefined when nobody can say who reads it.
 */
export function lintServiceConfig(
  text: string,
  implementation: Implementation | undefined,
  settings: LintSettings,
  offset = 0,
): Finding[] {
  const { root, mistake, repeated } = parseJsonTree(text, 'strict');
  if (root === undefined || mistake !== undefined) {
    const { span, message } = mistake ?? {
      span: { from: 0, to: text.length },
      message: 'A service config is a JSON object: {"methodConfig": […]}.',
    };
    return [
      ...found(settings, { rule: 'invalid-service-config', span: moved(span, offset), message }),
    ];
  }
  return lintServiceConfigNode(root, repeated, implementation, settings, offset);
}

/** The same for a part of a larger tree. */
export function lintServiceConfigNode(
  root: Node,
  repeated: readonly Node[],
  implementation: Implementation | undefined,
  settings: LintSettings,
  offset: number,
): Finding[] {
  const issues = serviceConfigIssues(jsonValue(root), implementation);
  return [
    ...repeated.flatMap((key) => repeatedKey(key, implementation, settings, offset)),
    ...issues.flatMap((issue) => {
      const { rule, atMost } = reportOf(issue);
      const { span, replacement } = placeOf(root, issue, offset);
      const parts = { rule, span, message: messageOf(issue) };
      return found(settings, replacement === undefined ? parts : { ...parts, replacement }, atMost);
    }),
  ];
}

/** JsonParser.parseNoDuplicates of Java and JsonReader of C core refuse them; Go and JavaScript take the last. */
function repeatedKey(
  key: Node,
  implementation: Implementation | undefined,
  settings: LintSettings,
  offset: number,
): readonly Finding[] {
  const isRefused =
    implementation === undefined ||
    implementation === 'grpc-java' ||
    implementation === 'grpc-core';
  const message = `"${String(key.value)}" stands here a second time: ${isRefused ? 'Java, Python, Ruby and C++ refuse that' : 'only the last one counts'}.`;
  return found(
    settings,
    { rule: 'invalid-service-config', span: moved(spanOf(key), offset), message },
    isRefused && implementation !== undefined ? 'error' : 'warning',
  );
}

function placeOf(
  root: Node,
  issue: ServiceConfigIssue,
  offset: number,
): { span: Span; replacement?: Replacement } {
  const { path, fix } = issue;
  const at = nodeAt(root, path);
  if (at === undefined) {
    return { span: moved(markOf(root, nearestPath(root, path)), offset) };
  }
  const isAboutKey =
    fix === undefined ? issue.code === 'service-config-unknown-field' : 'key' in fix;
  const span = isAboutKey && at.key !== undefined ? spanOf(at.key) : markOf(root, path);
  const place = moved(span, offset);
  if (fix === undefined) {
    return { span: place };
  }
  const text = JSON.stringify('key' in fix ? fix.key : fix.value);
  return { span: place, replacement: { title: `Write ${text}`, edits: [{ span: place, text }] } };
}

function nearestPath(root: Node, path: JsonPath): JsonPath {
  let nearest = path;
  while (nearest.length > 0 && nodeAt(root, nearest) === undefined) {
    nearest = nearest.slice(0, -1);
  }
  return nearest;
}

/** A longer object or list is marked at its key, or else at its first character. */
const longestMark = 80;

function markOf(root: Node, path: JsonPath): Span {
  const at = nodeAt(root, path);
  if (at === undefined) {
    return { from: root.offset, to: root.offset };
  }
  const isContainer = at.value.type === 'object' || at.value.type === 'array';
  if (!isContainer) {
    return spanOf(at.value);
  }
  if (at.key !== undefined) {
    return spanOf(at.key);
  }
  const { from, to } = spanOf(at.value);
  return to - from <= longestMark && path.length > 0 ? { from, to } : { from, to: from + 1 };
}

function moved({ from, to }: Span, by: number): Span {
  return { from: from + by, to: to + by };
}
