import type { Endpoint } from "../../workers/crm/endpoint.ts"
import { endpoints } from "../../workers/crm/endpoints.ts"

interface Things {
  id: string
  subscriptionId: string
  enrolmentId: string
  leadId: string
  cancellationId: string
  segmentId: string
}

const email = encodeURIComponent("held@example.com")

/** Where and with what each operation succeeds. */
export function requestFor(endpoint: Endpoint, things: Things): { path: string; body?: unknown } {
  const ids: Record<string, string> = {
    "/v1/leads/{id}": things.leadId,
    "/v1/subscriptions/{id}": things.subscriptionId,
    "/v1/subscriptions/{id}/cancellations": things.subscriptionId,
    "/v1/cancellations/{id}": things.cancellationId,
    "/v1/segments/{id}/customers": things.segmentId,
    "/v1/enrolments/{id}/stop": things.enrolmentId,
  }
  const path = endpoint.path.replace("{id}", ids[endpoint.path] ?? things.id).replace("{email}", email)
  return { path, ...((endpoint.body || endpoint.file) && { body: bodies[endpoint.id] }) }
}

const bodies: Record<string, unknown> = {
  createLead: { email: "new@example.com", source: "website", data: { campaign: "autumn" } },
  createTrial: { email: "trial@example.com", source: "website", trialEndsAt: "2027-01-01T00:00:00Z" },
  importTrials: [{ email: "imported@example.com", trial_end: "2027-01-01" }],
  changeTags: { add: ["vip"], remove: ["cold"] },
  appendTimeline: { entryId: "e1", kind: "custom.called", data: { minutes: 5 } },
  requestCancellation: { reason: "too_expensive", comment: "Sorry", decision: { action: "cancel" } },
  enrolCustomer: { sequenceId: "welcome" },
  suppressAddress: { email: "held@example.com" },
}

export const all = endpoints
