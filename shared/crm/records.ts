import * as z from "zod/mini"
import { segmentCondition } from "../customers/segmentCondition.ts"
import { cancellationActions, cancellationStatuses, leadKinds } from "../db/schema/crm.ts"
import { suppressionReasons } from "../db/schema/email.ts"

const instant = z.iso.datetime()
const text = z.string()
const maybe = z.nullable(text)
const minorUnits = z.nullable(z.int())

/** What the API tells of each thing, as its SQL brings it; times are ISO 8601 in UTC, money is minor units. */
export const leadRecord = z.object({
  id: z.uuid(),
  email: text,
  source: text,
  kind: z.enum(leadKinds),
  name: maybe,
  plan: maybe,
  trialStartedAt: z.nullable(instant),
  trialEndsAt: z.nullable(instant),
  convertedAt: z.nullable(instant),
  closedAt: z.nullable(instant),
  data: z.record(text, text),
  createdAt: instant,
  updatedAt: instant,
  customerId: z.nullable(z.uuid()),
})

export const trialsImportRecord = z.object({
  read: z.int(),
  created: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  invalid: z.int(),
  problems: z.array(z.object({ row: z.int(), column: text, reason: text })),
  warning: maybe,
})

export const customerRecord = z.object({
  id: z.uuid(),
  stripeId: maybe,
  email: maybe,
  name: maybe,
  country: maybe,
  stage: text,
  stageSince: z.nullable(instant),
  tags: z.array(text),
  createdAt: instant,
  mrr: z.array(z.object({ currency: text, amount: z.int() })),
})

export const segmentRecord = z.object({
  id: z.uuid(),
  name: text,
  condition: segmentCondition,
  createdAt: instant,
  updatedAt: instant,
})

export const subscriptionRecord = z.object({
  id: text,
  customerId: z.uuid(),
  status: text,
  currency: maybe,
  cancelAtPeriodEnd: z.boolean(),
  currentPeriodEnd: z.nullable(instant),
  trialEnd: z.nullable(instant),
  canceledAt: z.nullable(instant),
  endedAt: z.nullable(instant),
  pauseResumesAt: z.nullable(instant),
  paused: z.boolean(),
  startedAt: instant,
  items: z.array(
    z.object({
      id: text,
      priceId: maybe,
      productId: maybe,
      quantity: z.nullable(z.int()),
      unitAmount: minorUnits,
      currency: maybe,
      interval: maybe,
      intervalCount: z.nullable(z.int()),
    }),
  ),
})

export const timelineRecord = z.object({
  id: text,
  kind: text,
  occurredAt: instant,
  data: z.record(text, z.unknown()),
  source: text,
  sourceId: maybe,
})

export const enrolmentRecord = z.object({
  id: z.uuid(),
  customerId: z.uuid(),
  sequenceId: text,
  status: text,
  exitReason: maybe,
  startedAt: instant,
  endedAt: z.nullable(instant),
})

export const suppressionRecord = z.object({
  email: text,
  reason: z.enum(suppressionReasons),
  all: z.boolean(),
  since: instant,
})

export const cancellationRecord = z.object({
  id: z.uuid(),
  subscriptionId: text,
  customerId: z.uuid(),
  reason: text,
  comment: maybe,
  action: z.enum(cancellationActions),
  coupon: maybe,
  resumesAt: z.nullable(instant),
  status: z.enum(cancellationStatuses),
  createdAt: instant,
  doneAt: z.nullable(instant),
})
