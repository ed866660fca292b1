import type { FileStore } from "./fileStore.ts"

/** Files in a bucket of R2. */
export const r2FileStore = (bucket: R2Bucket): FileStore => ({
  async put(key, body, { size, contentType }) {
    // R2 takes a stream only when it knows its length.
    const exact = new FixedLengthStream(size)
    const [stored] = await Promise.allSettled([
      bucket.put(key, exact.readable, { httpMetadata: { contentType } }),
      body.pipeTo(exact.writable),
    ])
    if (stored.status === "rejected") throw stored.reason
  },
  async get(key) {
    const found = await bucket.get(key)
    return found && { body: found.body, size: found.size }
  },
  async delete(key) {
    await bucket.delete(key)
  },
})
