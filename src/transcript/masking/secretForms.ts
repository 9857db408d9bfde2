import type { Pattern } from './byteMatcher';

/** Bytes of the shortest secret, or form of one, that is looked for anywhere: shorter ones stand in any text. */
export const shortestForm = 4;

/** Every form in which a secret travels, as bytes; none of those that are too short to tell. */
export function secretForms(secret: string): Pattern[] {
  const forms = new Map<string, Pattern>();
  const add = (bytes: Uint8Array, before = 0, after = 0): void => {
    if (bytes.length >= shortestForm) {
      forms.set(`${before}${after}${Buffer.from(bytes).toString('latin1')}`, {
        bytes,
        before,
        after,
      });
    }
  };
  for (const text of new Set([secret, secret.trim()])) {
    const raw = [Buffer.from(text, 'utf8'), ...latin1Form(text), ...decodedForm(text)];
    for (const bytes of raw.filter(({ length }) => length >= shortestForm)) {
      add(bytes);
      for (const [form, before, after] of base64Forms(bytes)) {
        add(Buffer.from(form, 'latin1'), before, after);
      }
    }
    if (Buffer.byteLength(text) >= shortestForm) {
      for (const form of [...percentForms(text), ...jsonForms(text)]) {
        add(Buffer.from(form, 'utf8'));
      }
    }
  }
  return [...forms.values()];
}

/** Header values are bytes: `é` may be sent as one. */
function latin1Form(text: string): Buffer[] {
  return /^[\0-\xff]*[\x80-\xff][\0-\xff]*$/.test(text) ? [Buffer.from(text, 'latin1')] : [];
}

/** What a secret that is base64 itself stands for: `-bin` metadata and bytes fields are written so. */
function decodedForm(text: string): Buffer[] {
  const isBase64 = /^[\w+/-]+={0,2}$/.test(text) && text.replace(/=+$/, '').length % 4 !== 1;
  return isBase64 ? [Buffer.from(text, 'base64')] : [];
}

/**
 * The characters that bytes become inside base64 of something longer, such as `user:password`: one form for each
 * place in a group of three bytes. A character at an edge that holds bits of a neighbour too belongs to it, but
 * can't be looked for.
 */
function base64Forms(bytes: Uint8Array): [form: string, before: number, after: number][] {
  return [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes, Buffer.alloc(2)]).toString('base64');
    const bits = 8 * (offset + bytes.length);
    const form = text.slice(Math.ceil((8 * offset) / 6), Math.floor(bits / 6));
    const before = offset === 0 ? 0 : 1;
    const after = bits % 6 === 0 ? 0 : 1;
    const forUrls = form.replaceAll('+', '-').replaceAll('/', '_');
    return [form, forUrls].map((one): [string, number, number] => [one, before, after]);
  });
}

/** What is escaped in `grpc-message`, and by writers of addresses and forms in several languages. */
const percentEscaped = [
  /[^\x20-\x24\x26-\x7e]/,
  /[^\w.~!*'()-]/,
  /[^\w.~-]/,
  /[^\w.~/-]/,
  /[^\w.*-]/,
  /[^\w.~!*'();,/?:@&=+$#-]/,
];

function percentForms(text: string): string[] {
  const forms = percentEscaped.flatMap((escaped) =>
    [true, false].map((upper) => percentEncoded(text, escaped, upper)),
  );
  return [...forms, ...forms.map((form) => form.replaceAll('%20', '+'))];
}

function percentEncoded(text: string, escaped: RegExp, upper: boolean): string {
  return [...Buffer.from(text, 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      const hex = byte.toString(16).padStart(2, '0');
      return escaped.test(character) ? `%${upper ? hex.toUpperCase() : hex}` : character;
    })
    .join('');
}

/** As writers of JSON have it: some escape more than they must. */
function jsonForms(text: string): string[] {
  const plain = JSON.stringify(text).slice(1, -1);
  const forms = [plain, plain.replace(/[<>&]/g, (found) => unicodeEscape(found, false))];
  const slashes = forms.flatMap((form) => [form, form.replaceAll('/', '\\/')]);
  return slashes.flatMap((form) => [
    form,
    ...[true, false].map((upper) =>
      form.replace(/[^\0-\x7e]/g, (found) => unicodeEscape(found, upper)),
    ),
  ]);
}

function unicodeEscape(unit: string, upper: boolean): string {
  const hex = unit.charCodeAt(0).toString(16).padStart(4, '0');
  return `\\u${upper ? hex.toUpperCase() : hex}`;
}
