CREATE TABLE "discord_members" (
	"user_id" text PRIMARY KEY NOT NULL,
	"is_staff" boolean NOT NULL,
	"read_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "staff_captured_to" text;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "capture_failures" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "reread_to" text;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "staff_reread_to" text;