/** The gRPC libraries whose behaviour differs. */
export type Implementation =
  | 'grpc-go'
  | 'grpc-java'
  | 'grpc-js'
  | 'grpc-core' // Python, Ruby, C++
  | 'grpc-dotnet'
  | 'tonic'
  | 'connect-es';

/** As people call them, by what they write code in. */
const names: Readonly<Record<Implementation, string>> = {
  'grpc-go': 'Go',
  'grpc-java': 'Java',
  'grpc-js': 'grpc-js',
  'grpc-core': 'Python, Ruby and C++',
  'grpc-dotnet': '.NET',
  tonic: 'tonic',
  'connect-es': 'Connect for Node.js',
};

/** `Go`, `Go and grpc-js`, `Go, Java, Python, Ruby and C++`. */
export function implementationNames(implementations: readonly Implementation[]): string {
  const all = implementations.flatMap((each) => names[each].split(/, | and /));
  const last = all.at(-1) ?? '';
  return all.length < 2 ? last : `${all.slice(0, -1).join(', ')} and ${last}`;
}
