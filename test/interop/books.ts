/** Books in ProtoJSON, written as the ProtoJSON format prescribes for output. */
export const sampleBooks: readonly { readonly title: string; readonly book: object }[] = [
  { title: 'nothing', book: {} },
  {
    title: 'every scalar',
    book: {
      name: 'Ünïcode "quoted" \\ \n \u2028 \u0000 😀',
      pages: '1',
      barcode: '2',
      shelf: '-3',
      checksum: '4',
      offset: '-5',
      year: -2147483648,
      copies: 4294967295,
      floor: -2147483648,
      color: 4294967295,
      tilt: 2147483647,
      weight: 1.7976931348623157e308,
      rating: 0.1,
      lent: true,
      cover: 'AP/+',
      condition: 'CONDITION_WORN',
    },
  },
  {
    title: 'numbers that JSON has no digits for',
    book: { weight: 'NaN', rating: '-Infinity', prices: ['Infinity', 5e-324, 1e21, 1e-7] },
  },
  // The largest float itself is refused by Python's parser, which wrote it.
  { title: 'a large float', book: { rating: 3.4e38 } },
  {
    title: 'lists and maps',
    book: {
      authors: [{ name: 'A', teacher: { name: 'B', teacher: {} } }, {}],
      printings: ['0', '-1'],
      history: ['CONDITION_UNSPECIFIED', 'CONDITION_NEW', 7],
      notes: { '0': '', '-1': 'minus' },
      readers: { '': {}, 'with "quotes"': { name: 'R' } },
      flags: { true: 'AQ==', false: '' },
    },
  },
  { title: 'a oneof with a default value', book: { room: '' } },
  { title: 'a oneof with a 64-bit zero', book: { box: '0' } },
  { title: 'a oneof with an empty message', book: { lentTo: {} } },
  { title: 'optional fields with default values', book: { edition: 0, subtitle: '' } },
  {
    title: 'well-known types',
    book: {
      printedAt: '1969-12-31T23:59:59.999999999Z',
      loanPeriod: '-1.500s',
      publicFields: 'name,shownTitle,authors.name',
      extras: {
        text: 'a',
        number: 1.5,
        yes: true,
        none: null,
        list: [1, [], {}],
        object: { a: {} },
      },
      anything: [null, { a: 'b' }],
      insuredFor: '0',
      seal: '',
      signed: false,
    },
  },
  { title: 'a null value', book: { anything: null } },
  {
    title: 'the first and last timestamps',
    book: { printedAt: '0001-01-01T00:00:00Z', loanPeriod: '315576000000s' },
  },
  { title: 'the last timestamp', book: { printedAt: '9999-12-31T23:59:59.999999999Z' } },
  {
    title: 'an Any with a message',
    book: {
      attachment: {
        '@type': 'type.googleapis.com/interop.v1.Book',
        name: 'inner',
        pages: '9007199254740993',
      },
    },
  },
  {
    title: 'an Any with a well-known type in an Any',
    book: {
      attachment: {
        '@type': 'type.googleapis.com/google.protobuf.Any',
        value: { '@type': 'type.googleapis.com/google.protobuf.Duration', value: '1.000000001s' },
      },
    },
  },
  { title: 'names with capitals and names of their own', book: { ISBNCode: '978', title: 'T' } },
];
