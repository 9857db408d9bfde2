import { describe, expect, it } from 'vitest';
import { messageTexts, panelForm } from '../../../../src/host/requestFiles/panelForm';
import { parseRequestFile } from '../../../../src/request/file/parse';

const scope = { overrides: new Map<string, string>(), captures: new Map([['id', 'lamp"1']]) };

function formOf(text: string, messages: readonly string[] = []) {
  const file = parseRequestFile(text);
  const [node] = file.requests;
  if (!node) throw new Error('no request');
  const resolved = {
    options: { deadline: '2s' },
    messages: messages.map((json) => ({
      json,
      wait: undefined,
      span: node.span,
      placeOf: undefined,
    })),
  } as unknown as Parameters<typeof panelForm>[2];
  return {
    form: panelForm(file, node, resolved, scope),
    messages: messageTexts(file, node, resolved, scope),
  };
}

describe('panelForm', () => {
  it('keeps what the environment knows, and replaces what only the file knows', () => {
    const { form } = formOf(`@greeting = Hello {{buyer}}
GRPC h:1/s.S/M
authorization: Bearer {{TOKEN}}
x-note: {{greeting}}

{ "id": "{{id}}", "at": {{$timestamp}} }
`);
    expect(form).toEqual({
      body: String.raw`{ "id": "lamp\"1", "at": {{$timestamp}} }`,
      metadata: [
        { key: 'authorization', value: 'Bearer {{TOKEN}}', enabled: true },
        { key: 'x-note', value: 'Hello {{buyer}}', enabled: true },
      ],
      options: { deadline: '2s' },
    });
  });

  it('has the first of several messages, without the comments between its lines', () => {
    const { form, messages } = formOf(`GRPC h:1/s.S/M

{
  # which one
  "id": "a"
}
=== wait
{ "id": "b" }
`);
    expect(form.body).toBe('{\n  "id": "a"\n}');
    expect(messages).toEqual(['{\n  "id": "a"\n}', '{ "id": "b" }']);
  });

  it('takes a message from a file as it is, braces included', () => {
    const { form } = formOf('GRPC h:1/s.S/M\n\n< ./a.json\n', ['{ "id": "{{id}}" }']);
    expect(form.body).toBe(String.raw`{ "id": "\u007b{id}}" }`);
    expect(JSON.parse(form.body)).toEqual({ id: '{{id}}' });
  });

  it('leaves a variable that refers to itself as it stands', () => {
    expect(
      formOf('@a = {{b}}\n@b = {{a}}\nGRPC h:1/s.S/M\nx: {{a}}\n').form.metadata[0]?.value,
    ).toBe('{{a}}');
  });
});

it('does not take long for variables that refer to each other twice, and leaves those that grow too long', () => {
  const chain = (last: string): string =>
    Array.from({ length: 40 }, (_, at) => `@v${at} = {{v${at + 1}}}{{v${at + 1}}}\n`).join('') +
    `@v40 = ${last}\nGRPC h:1/s.S/M\n\n{{v0}}\n`;
  expect(formOf(chain('')).messages).toEqual(['']);
  // Each one that would be longer than 1,048,576 characters stays a reference.
  expect(formOf(chain('x')).messages[0]?.length).toBeLessThan(2 * 1024 * 1024);
});
