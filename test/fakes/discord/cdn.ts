import { createHmac } from "node:crypto"
import type { Attachment } from "./model/wire.ts"

export interface FileUpload {
  name: string
  contentType: string
  bytes: Uint8Array
}

const day = 86_400
/** What outlives a restart: the latest files, and no large ones. */
const saved = { files: 100, bytes: 1024 * 1024 }

/** Files that were uploaded, behind signed links that expire. */
export class Cdn {
  private readonly files = new Map<string, Uint8Array>()
  private readonly base: () => string
  private readonly now: () => Date
  /** Links of an earlier generation have expired. */
  private generation = 0

  constructor(base: () => string, now: () => Date) {
    this.base = base
    this.now = now
  }

  put(id: string, bytes: Uint8Array): void {
    this.files.set(id, bytes)
  }

  bytes(id: string): Uint8Array | undefined {
    return this.files.get(id)
  }

  drop(id: string): void {
    this.files.delete(id)
  }

  /** A fresh link, good for a day, as each time Discord tells of an attachment. */
  link(attachment: Attachment): string {
    const kind = attachment.ephemeral ? "ephemeral-attachments" : "attachments"
    const path = `/${kind}/${attachment.channel}/${attachment.id}/${encodeURIComponent(attachment.filename)}`
    const issued = Math.floor(this.now().getTime() / 1000)
    const is = issued.toString(16)
    const ex = (issued + day).toString(16)
    return `${this.base()}${path}?ex=${ex}&is=${is}&hm=${this.sign(attachment.id, ex, is)}&`
  }

  /** Whether a link is ours and has not expired. */
  admits(id: string, query: Record<string, string>): boolean {
    const { ex = "", is = "", hm = "" } = query
    return hm === this.sign(id, ex, is) && Number.parseInt(ex, 16) > this.now().getTime() / 1000
  }

  /** Every link given out until now. */
  expireLinks(): void {
    this.generation++
  }

  clear(): void {
    this.files.clear()
  }

  save(): { generation: number; files: [string, string][] } {
    return {
      generation: this.generation,
      files: [...this.files]
        .filter(([, bytes]) => bytes.byteLength <= saved.bytes)
        .slice(-saved.files)
        .map(([id, bytes]) => [id, Buffer.from(bytes).toString("base64")]),
    }
  }

  restore(state: ReturnType<Cdn["save"]>): void {
    this.generation = state.generation
    for (const [id, bytes] of state.files) this.files.set(id, Buffer.from(bytes, "base64"))
  }

  private sign(id: string, ex: string, is: string): string {
    return createHmac("sha256", `stand-in ${this.generation}`).update(`${id} ${ex} ${is}`).digest("hex")
  }
}
