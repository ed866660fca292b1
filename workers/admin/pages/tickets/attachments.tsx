import type { ConversationMessage } from "../../../../shared/support/ticketDetail/conversation.ts"
import { Badge } from "../../components/badge.tsx"

type File = ConversationMessage["attachments"][number]

const states: Record<Exclude<File["status"], "stored">, string> = {
  waiting: "being copied",
  too_large: "too large to be kept",
  gone: "gone before it could be kept",
  failed: "could not be copied",
}

const inWords = (bytes: number) =>
  bytes < 1000 ? `${bytes} bytes` : bytes < 1e6 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`

/** Files of a message; only what we have copied can be opened. */
export const Attachments = ({ ticketId, files }: { ticketId: string; files: File[] }) =>
  files.length > 0 && (
    <ul class="files">
      {files.map(({ id, name, size, status, error }) => (
        <li>
          {status === "stored" ? <a href={`/tickets/${ticketId}/files/${id}`}>{name}</a> : <span>{name}</span>}{" "}
          <span class="hint">{inWords(size)}</span>{" "}
          {status !== "stored" && <Badge tone={status === "waiting" ? "info" : "warn"}>{states[status]}</Badge>}
          {status === "failed" && error && <span class="hint bad"> {error}</span>}
        </li>
      ))}
    </ul>
  )
