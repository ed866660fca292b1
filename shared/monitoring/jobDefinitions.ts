import type { Role } from "../staff/roles.ts"

/** A job that runs on a schedule. What it does when its time comes: workers/jobs/runners.ts. */
export interface JobDefinition {
  name: string
  title: string
  /** What it does, in a sentence. */
  does: string
  /** Five fields: minute, hour, day of the month, month, day of the week, by the clock on the wall in `timeZone`. */
  cron: string
  timeZone: string
  /** The role that looks after it. */
  owner: Role
  /** What counts as healthy, in words. */
  healthy: string
  /** So long after its time it is late; beyond, it is down. */
  graceMinutes: number
  /** A run that takes longer hangs. */
  maximumMinutes: number
  /** How often a run that fails or dies is taken up again, for as long as it makes no progress. */
  attempts: number
}

const often = {
  cron: "*/2 * * * *",
  timeZone: "UTC",
  owner: "ops",
  graceMinutes: 6,
  maximumMinutes: 10,
  attempts: 1,
} as const
const daily = { timeZone: "UTC", graceMinutes: 60, maximumMinutes: 120, attempts: 5 } as const

/** Every scheduled job, in the order in which staff see them. Adding one is an entry here and a runner. */
export const jobDefinitions = [
  {
    ...often,
    name: "emails",
    title: "E-mail queue",
    does: "Queues mails that have come due, and finishes what a sender died over.",
    healthy: "Runs every 2 minutes; a mail waits no longer.",
  },
  {
    ...often,
    name: "events",
    title: "Events sweep",
    does: "Takes up events of Stripe and Resend that no queue message took care of.",
    healthy: "Runs every 2 minutes; no event is left behind for longer.",
  },
  {
    ...often,
    name: "stages",
    title: "Customer stages",
    does: "Moves customers on whose stage changes with time alone, as when a grace period ends.",
    healthy: "Runs every 2 minutes.",
  },
  {
    ...often,
    name: "cancellations",
    title: "Cancellations",
    does: "Tells Stripe of cancellations and offers that it has not heard of yet.",
    healthy: "Runs every 2 minutes; a decision waits only while Stripe does not answer.",
  },
  {
    ...often,
    name: "tickets",
    title: "Tickets",
    does: "Looks for what was said in Discord, brings tickets that are stuck further, reminds whoever owes a reply.",
    owner: "support",
    healthy: "Runs every 2 minutes; nothing waits for longer.",
  },
  {
    ...daily,
    name: "missed-events",
    title: "Missed events",
    does: "Asks Stripe for events whose webhook never came, and applies them.",
    cron: "10 * * * *",
    owner: "ops",
    healthy: "Runs every hour and finds none.",
    graceMinutes: 30,
    maximumMinutes: 30,
  },
  {
    ...daily,
    name: "trials",
    title: "Trials",
    does: "Tells rules of trials of ours that begin, end soon, were made longer, ended or became customers.",
    cron: "*/10 * * * *",
    owner: "support",
    healthy: "Runs every 10 minutes.",
    graceMinutes: 20,
    maximumMinutes: 20,
  },
  {
    ...daily,
    name: "expired-trials",
    title: "Expired trials",
    does: "Closes trials that are over and asks hosting to end their servers.",
    cron: "0 3 * * *",
    owner: "support",
    healthy: "Runs every day.",
  },
  {
    ...daily,
    name: "trial-sync",
    title: "Trial sync",
    does: "Fetches the trials from their server, where an address is set, and notes which of them became customers.",
    cron: "0 7 * * *",
    owner: "support",
    healthy: "Runs every day, with no invalid rows.",
  },
  {
    ...daily,
    name: "stripe-sync",
    title: "Stripe sync",
    does: "Compares every customer, subscription, product, price, coupon and open invoice with Stripe, and mends what differs.",
    cron: "0 8 * * *",
    owner: "finance",
    healthy: "Runs every day, and what differs stays below the threshold in the settings.",
  },
  {
    ...daily,
    name: "retention",
    title: "Retention",
    does: "Empties what has been kept long enough: raw payloads, runs of jobs, codes and keys that have expired.",
    cron: "0 4 * * *",
    owner: "ops",
    healthy: "Runs every day.",
  },
] as const satisfies JobDefinition[]

export type JobName = (typeof jobDefinitions)[number]["name"]

export const jobDefinition = (name: string): (JobDefinition & { name: JobName }) | undefined =>
  jobDefinitions.find((each) => each.name === name)
