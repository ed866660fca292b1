CREATE TABLE "discord_interactions" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"user_id" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"error" text
);
--> statement-breakpoint
CREATE INDEX "discord_interactions_received" ON "discord_interactions" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "discord_interactions_failed" ON "discord_interactions" USING btree ("received_at") WHERE error is not null;