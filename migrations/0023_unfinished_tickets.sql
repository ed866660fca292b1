ALTER TABLE "discord_interactions" ADD COLUMN "payload" jsonb;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "remove_place_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "discord_interactions_unfinished" ON "discord_interactions" USING btree ("received_at") WHERE payload is not null;--> statement-breakpoint
CREATE INDEX "tickets_remove_place" ON "tickets" USING btree ("remove_place_at") WHERE remove_place_at is not null;