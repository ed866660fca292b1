/** Where a ticket is talked about in Discord, and how far it has been read. */
export interface CapturePlace {
  channelId: string
  /** The thread that staff alone see. */
  internal: boolean
  /** Newest message that is kept. */
  cursor: string | null
  /** While everything is read once more: the oldest message that this has come to. */
  rereadTo: string | null
}
