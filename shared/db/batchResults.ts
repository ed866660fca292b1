/** What a `db.batch` of these queries brings, for functions that prepare queries and read their results elsewhere. */
export type BatchResults<Queries extends readonly unknown[]> = {
  -readonly [Index in keyof Queries]: Awaited<Queries[Index]>
}
