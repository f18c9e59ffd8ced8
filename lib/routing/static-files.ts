/** Files that a handler serves below the path of one endpoint, such as a page. They are complete when the handler is created. */
export interface StaticFiles {
  /** One sentence about the files, as `GET /` prints it. */
  readonly summary: string;
  /** The files by their path below the endpoint; the one with the empty path is the page itself. */
  readonly files: ReadonlyMap<string, StaticFile>;
}

/** A file in every encoding that it is sent in. */
export interface StaticFile {
  /** The value of `Content-Type`. */
  readonly contentType: string;
  /** Whether the path changes with the content, so that clients may keep the file for a year. */
  readonly isImmutable: boolean;
  /** The file as it is. */
  readonly content: Buffer;
  /** The file compressed with brotli. */
  readonly br: Buffer;
  /** The file compressed with gzip. */
  readonly gzip: Buffer;
  /** Headers of this file only, such as `content-security-policy`, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
}
