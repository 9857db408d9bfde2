import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cached } from '../../../scripts/cache.mjs';
import { run } from '../../../scripts/process.mjs';

const home = join(import.meta.dirname, '../java');
const protos = join(import.meta.dirname, '../../fixtures/lint/protos');

/** The platforms for which Maven Central has protoc, as it calls them. */
const platforms: Readonly<Record<string, string>> = {
  'linux x64': 'linux-x86_64',
  'linux arm64': 'linux-aarch_64',
  'darwin x64': 'osx-x86_64',
  'darwin arm64': 'osx-aarch_64',
  'win32 x64': 'windows-x86_64',
};
const platform = platforms[`${process.platform} ${process.arch}`];

/** Why Java can't be tried on this machine; undefined when it can. */
export async function missingForJava(): Promise<string | undefined> {
  for (const program of ['java', 'javac', 'mvn']) {
    const finished = await run(program, ['-version']).catch(() => undefined);
    if (finished?.code !== 0) {
      return `there is no ${program} on PATH`;
    }
  }
  return platform === undefined ? 'there is no protoc for this platform' : undefined;
}

/** grpc-java from Maven Central, and what its generator makes of market.proto: once for these versions. */
export class JavaCompiler {
  private constructor(readonly classPath: string) {}

  static async prepare(): Promise<JavaCompiler> {
    const pom = join(home, 'pom.xml');
    const hash = createHash('sha256');
    hash.update(await readFile(pom)).update(await readFile(join(protos, 'market.proto')));
    hash.update(await must('javac', ['-version']));
    const name = `interop-java-${hash.digest('hex').slice(0, 16)}`;
    const folder = await cached(name, (to) => build(pom, to));
    return new JavaCompiler([join(folder, 'classes'), join(folder, 'jars', '*')].join(delimiter));
  }

  /** What the compiler says of these sources; nothing when they are right. */
  async compile(files: readonly string[], to: string): Promise<string> {
    const options = ['-nowarn', '-proc:none', '-Xlint:-options', '-d', to, '-cp', this.classPath];
    const { code, output } = await run('javac', [...options, ...files]);
    return code === 0 ? '' : output;
  }

  /** Runs a class that was compiled into a folder, and gives what it prints. */
  run(name: string, folder: string): Promise<string> {
    return must('java', ['-cp', [folder, this.classPath].join(delimiter), name]);
  }
}

async function build(pom: string, to: string): Promise<void> {
  const jars = join(to, 'jars');
  await must('mvn', [
    '--quiet',
    '--batch-mode',
    `--file=${pom}`,
    'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies',
    `-DoutputDirectory=${jars}`,
    `-Dplatform=${platform}`,
  ]);
  const names = await readdir(jars);
  const tool = async (prefix: string) => {
    const file = join(jars, names.find((name) => name.startsWith(prefix)) ?? prefix);
    await chmod(file, 0o755);
    return file;
  };
  const [sources, classes] = [join(to, 'generated'), join(to, 'classes')];
  await mkdir(sources);
  await mkdir(classes);
  await must(await tool('protoc-3'), [
    `--plugin=protoc-gen-grpc-java=${await tool('protoc-gen-grpc-java')}`,
    `-I${protos}`,
    `--java_out=${sources}`,
    `--grpc-java_out=${sources}`,
    // javax.annotation.Generated is not in the JDK any more.
    '--grpc-java_opt=@generated=omit',
    'market.proto',
  ]);
  const files = (await readdir(sources, { recursive: true })).filter((file) =>
    file.endsWith('.java'),
  );
  const path = ['-cp', join(jars, '*')];
  await must('javac', ['-nowarn', '-d', classes, ...path, ...files.map((f) => join(sources, f))]);
}

async function must(program: string, args: readonly string[]): Promise<string> {
  const { code, output } = await run(program, args);
  if (code !== 0) {
    throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${output}`);
  }
  return output;
}
