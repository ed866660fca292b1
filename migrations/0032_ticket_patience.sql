ALTER TABLE "tickets" ADD COLUMN "close_told_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "tend_at" timestamp with time zone;