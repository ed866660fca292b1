import type { Component } from "../model/component.ts"

export interface Modal {
  custom_id: string
  title: string
  components: Component[]
}

export interface Choice {
  name: string
  value: string | number
}

/** Something that a person did with the application, and what came of it. */
export interface Interaction {
  id: string
  token: string
  /** 2 command, 3 component, 4 autocomplete, 5 modal submitted. */
  type: 2 | 3 | 4 | 5
  user: string
  channel: string
  /** The message whose component was used. */
  message: string | null
  /** In words. */
  label: string
  at: string
  /** What was posted, with its headers. */
  sent: { body: string; headers: Record<string, string> }
  outcome: "pending" | "answered" | "did not respond" | "refused" | "not valid"
  problem: string | null
  /** Of HTTP; null when there was no answer. */
  status: number | null
  milliseconds: number | null
  answer: unknown
  answerType: number | null
  /** The message that `@original` stands for. */
  original: string | null
  /** Whether the first message is still to come. */
  deferred: boolean
  /** Opened by the answer, until it is submitted or closed. */
  modal: Modal | null
  choices: Choice[] | null
}
