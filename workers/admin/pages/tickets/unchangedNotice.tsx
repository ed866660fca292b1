import { Notice } from "../../components/notice.tsx"

const changes = ["claim", "release", "transfer", "priority", "category"] as const
export type Unchanged = (typeof changes)[number]

const words: Record<Unchanged, string> = {
  claim: "you have this ticket already",
  release: "nobody has this ticket",
  transfer: "they have this ticket already",
  priority: "it has this priority already",
  category: "it is in this category already",
}

/** After a change that would have changed nothing, by the address that it led back to. */
export const UnchangedNotice = ({ asked }: { asked: string | undefined }) => {
  const change = changes.find((each) => each === asked)
  return change && <Notice>Nothing to change: {words[change]}.</Notice>
}
