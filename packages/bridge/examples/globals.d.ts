/** As much of Deno and Bun as the scripts use. */

declare const Deno: {
  readonly args: readonly string[]
  readonly env: { get(name: string): string | undefined }
  open(path: string): Promise<{ readonly readable: ReadableStream<Uint8Array> }>
  stat(path: string): Promise<{ readonly size: number }>
  exit(code: number): never
}

declare const Bun: {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  file(path: string): Blob
}
