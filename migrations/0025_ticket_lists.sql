CREATE INDEX "ticket_attachments_failed" ON "ticket_attachments" USING btree ("ticket_id") WHERE status = 'failed';--> statement-breakpoint
CREATE INDEX "ticket_messages_failed" ON "ticket_messages" USING btree ("ticket_id") WHERE delivery = 'failed';--> statement-breakpoint
CREATE INDEX "tickets_closed" ON "tickets" USING btree ("closed_at" DESC NULLS LAST) WHERE status = 'closed';--> statement-breakpoint
CREATE INDEX "tickets_troubled" ON "tickets" USING btree ("opened_at" DESC NULLS LAST) WHERE error is not null;--> statement-breakpoint
CREATE INDEX "tickets_search" ON "tickets" USING gin ((lower(opener_name || ' ' || coalesce(opener_email, '') || ' ' || subject)) gin_trgm_ops);