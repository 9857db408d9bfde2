/** A path of C++ or Rust with dots and without type arguments: `a::b::<T>::c` is `a.b.c`. */
export function dottedPath(written: string): string {
  if (/^\w+$/.test(written)) {
    return written;
  }
  let path = written.replace(/\s+/g, '').replace(/^::/, '');
  for (let before = ''; before !== path; ) {
    before = path;
    path = path.replace(/(?:::)?<[^<>]*>/g, '');
  }
  return path.replaceAll('::', '.');
}
