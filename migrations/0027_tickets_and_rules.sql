ALTER TABLE "ticket_events" ADD COLUMN "rules_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "ticket_events_unheard" ON "ticket_events" USING btree ("at") WHERE rules_at is null;