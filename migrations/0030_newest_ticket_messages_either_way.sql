DROP INDEX "ticket_messages_newest";--> statement-breakpoint
CREATE INDEX "ticket_messages_newest" ON "ticket_messages" USING btree ("sent_at","id");