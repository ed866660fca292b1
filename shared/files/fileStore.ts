/** The largest file that is kept: Discord lets most people send 10 MB, and boosted servers more. */
export const mostBytes = 25 * 1024 * 1024

export interface StoredFile {
  body: ReadableStream<Uint8Array>
  size: number
}

/** Where files are kept, by keys of ours. */
export interface FileStore {
  /** In place of what is there under the key. `size` is how long the body is, exactly. */
  put(key: string, body: ReadableStream<Uint8Array>, about: { size: number; contentType: string }): Promise<void>
  /** Null where there is none. */
  get(key: string): Promise<StoredFile | null>
  /** Also where there is none. */
  delete(key: string): Promise<void>
}
