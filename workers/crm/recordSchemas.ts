import {
  cancellationRecord,
  customerRecord,
  enrolmentRecord,
  leadRecord,
  segmentRecord,
  subscriptionRecord,
  suppressionRecord,
  timelineRecord,
  trialsImportRecord,
} from "../../shared/crm/records.ts"

/** By the names that the OpenAPI document gives them. */
export const recordSchemas = {
  Lead: leadRecord,
  TrialsImport: trialsImportRecord,
  Customer: customerRecord,
  Segment: segmentRecord,
  Subscription: subscriptionRecord,
  TimelineEntry: timelineRecord,
  Enrolment: enrolmentRecord,
  Suppression: suppressionRecord,
  Cancellation: cancellationRecord,
}
