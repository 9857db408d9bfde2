import { parseCallOptions } from '../../grpc/callOptions';
import { buildMetadata } from '../../grpc/metadata';
import type { MetadataPair } from '../draft';
import type { Capture, Expectation } from '../expect/expectation';
import { parseCapture, parseExpectation } from '../expect/parseExpectation';
import { annotationSpec } from '../file/annotations';
import { effectiveAnnotations } from '../file/effectiveAnnotations';
import type { RequestFile, RequestNode, Span } from '../file/syntax';
import type { RequestFiles } from '../files';
import type { Scope } from '../variables/scope';
import { Values } from '../variables/values';
import { type Filled, Filler } from './filler';
import { withoutQuotedSecrets } from './quotedSecrets';
import type { Resolution, ResolvedMessage } from './resolved';
import { resolveTarget } from './resolveTarget';

export interface ResolveContext {
  readonly scope: Scope;
  readonly files: RequestFiles;
  /** Of the run of the file that the request belongs to; its own when left out. */
  readonly values?: Values;
}

/**
 * A request with a value for every reference, its files read and its options checked; or every reason why it can't
 * be sent. What only the schema can tell is not checked here.
 */
export async function resolveRequest(
  file: RequestFile,
  node: RequestNode,
  { scope, files, values = new Values(file.variables) }: ResolveContext,
): Promise<Resolution> {
  const filler = new Filler(values, scope, files);
  for (const problem of file.problems) {
    if (isWithin(problem.span, node.span)) {
      filler.problem(problem.span, problem.message);
    }
  }
  const annotations: Filled[] = [];
  for (const annotation of effectiveAnnotations(file, node)) {
    annotations.push(await filler.annotation(annotation));
  }
  refuseUnknown(annotations, filler);
  const server = await resolveTarget(node, annotations, filler);
  const service = await filler.fill(node.line.service);
  const method = await filler.fill(node.line.method);
  const metadata = await metadataOf(node, filler);
  const options = optionsOf(annotations, filler);
  const messages = await messagesOf(node, filler);
  const { expectations, captures } = checksOf(annotations, filler);
  if (filler.problems.length > 0 || server === undefined) {
    const problems = filler.problems.sort((a, b) => a.span.from - b.span.from);
    return { ok: false, problems: withoutQuotedSecrets(problems, values.secrets) };
  }
  const path = `/${service.text}/${method.text}`;
  return {
    ok: true,
    request: {
      name: node.title?.text ?? method.text,
      span: node.line.span,
      server,
      path,
      metadata,
      options,
      messages,
      secrets: values.secrets,
      expectations,
      captures,
    },
  };
}

function isWithin(inner: Span, outer: Span): boolean {
  return inner.from >= outer.from && inner.to <= outer.to;
}

function refuseUnknown(annotations: readonly Filled[], filler: Filler): void {
  for (const { name, value, span } of annotations) {
    const spec = annotationSpec(name);
    if (spec === undefined) {
      filler.problem(span, `There is no annotation @${name}.`);
    } else if (spec.value === 'none' && value !== '') {
      filler.problem(span, `Nothing may follow @${name}.`);
    } else if (spec.value !== 'none' && value === '') {
      filler.problem(span, `A value has to follow @${name}.`);
    }
  }
}

async function metadataOf(node: RequestNode, filler: Filler): Promise<MetadataPair[]> {
  const pairs: MetadataPair[] = [];
  for (const { key, value } of node.metadata) {
    pairs.push({ key: key.text, value: (await filler.fill(value)).text });
  }
  const { problems } = buildMetadata(pairs.map((pair) => ({ ...pair, enabled: true })));
  for (const { row, message } of problems) {
    filler.problem(node.metadata[row]?.span ?? node.line.span, message);
  }
  return pairs;
}

function optionsOf(annotations: readonly Filled[], filler: Filler): Record<string, string> {
  const options: Record<string, string> = {};
  for (const { name, value, span } of annotations) {
    if (annotationSpec(name)?.group === 'option' && value !== '') {
      const [problem] = parseCallOptions({ [name]: value }).problems;
      if (problem) {
        filler.problem(span, `@${name}: ${problem.message}`);
      }
      options[name] = value;
    }
  }
  return options;
}

async function messagesOf(node: RequestNode, filler: Filler): Promise<ResolvedMessage[]> {
  const messages: ResolvedMessage[] = [];
  for (const message of node.messages) {
    const { span, wait } = message;
    if (message.kind === 'json') {
      messages.push({ ...(await filler.json({ text: message.json, span })), wait, span });
    } else {
      const json = (await filler.message(message.path)) ?? '';
      messages.push({ json, placeOf: undefined, wait, span });
    }
  }
  return messages;
}

function checksOf(
  annotations: readonly Filled[],
  filler: Filler,
): { expectations: Expectation[]; captures: Capture[] } {
  const expectations: Expectation[] = [];
  const captures: Capture[] = [];
  for (const { name, value, text, span } of annotations) {
    if (value === '') {
      continue;
    }
    if (name === 'expect') {
      const parsed = parseExpectation(value, span);
      if (parsed.ok) {
        // What is shown is what was written: a value may be a secret.
        expectations.push({ ...parsed.expectation, text });
      } else {
        filler.problem(span, parsed.message);
      }
    } else if (name === 'capture') {
      const parsed = parseCapture(value, span);
      if (parsed.ok) {
        captures.push({ ...parsed.capture, text });
      } else {
        filler.problem(span, parsed.message);
      }
    }
  }
  return { expectations, captures };
}
