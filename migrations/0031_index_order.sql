DROP INDEX "customers_created";--> statement-breakpoint
DROP INDEX "customers_stage";--> statement-breakpoint
DROP INDEX "customers_country";--> statement-breakpoint
DROP INDEX "timeline_entries_customer";--> statement-breakpoint
DROP INDEX "leads_created";--> statement-breakpoint
DROP INDEX "leads_kind";--> statement-breakpoint
DROP INDEX "customer_imports_created";--> statement-breakpoint
DROP INDEX "customer_mrr_amount";--> statement-breakpoint
DROP INDEX "customer_notes_customer";--> statement-breakpoint
DROP INDEX "segments_created";--> statement-breakpoint
DROP INDEX "email_outbox_customer";--> statement-breakpoint
DROP INDEX "received_mails_apart";--> statement-breakpoint
DROP INDEX "job_runs_job";--> statement-breakpoint
DROP INDEX "tickets_closed";--> statement-breakpoint
DROP INDEX "tickets_troubled";--> statement-breakpoint
DROP INDEX "tickets_opened";--> statement-breakpoint
DROP INDEX "tickets_customer";--> statement-breakpoint
DROP INDEX "tickets_opener";--> statement-breakpoint
DROP INDEX "tickets_email";--> statement-breakpoint
DROP INDEX "stripe_events_recovered";--> statement-breakpoint
CREATE INDEX "customers_created" ON "customers" USING btree ("created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "customers_stage" ON "customers" USING btree ("stage","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "customers_country" ON "customers" USING btree ("country","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "timeline_entries_customer" ON "timeline_entries" USING btree ("customer_id","occurred_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "leads_created" ON "leads" USING btree ("created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "leads_kind" ON "leads" USING btree ("kind","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "customer_imports_created" ON "customer_imports" USING btree ("created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "customer_mrr_amount" ON "customer_mrr" USING btree ("currency","amount" DESC NULLS FIRST,"customer_id");--> statement-breakpoint
CREATE INDEX "customer_notes_customer" ON "customer_notes" USING btree ("customer_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "segments_created" ON "segments" USING btree ("created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "email_outbox_customer" ON "email_outbox" USING btree ("customer_id","created_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "received_mails_apart" ON "received_mails" USING btree ("received_at" DESC NULLS FIRST,"id") WHERE ticket_id is null;--> statement-breakpoint
CREATE INDEX "job_runs_job" ON "job_runs" USING btree ("job","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "tickets_closed" ON "tickets" USING btree ("closed_at" DESC NULLS FIRST) WHERE status = 'closed';--> statement-breakpoint
CREATE INDEX "tickets_troubled" ON "tickets" USING btree ("opened_at" DESC NULLS FIRST) WHERE error is not null;--> statement-breakpoint
CREATE INDEX "tickets_opened" ON "tickets" USING btree ("opened_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "tickets_customer" ON "tickets" USING btree ("customer_id","opened_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "tickets_opener" ON "tickets" USING btree ("opener_id","opened_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "tickets_email" ON "tickets" USING btree ("opener_email","opened_at" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "stripe_events_recovered" ON "stripe_events" USING btree ("received_at" DESC NULLS FIRST) WHERE origin = 'recovered';