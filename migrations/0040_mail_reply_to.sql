ALTER TABLE "received_mails" ADD COLUMN "reply_to_email" text;--> statement-breakpoint
ALTER TABLE "received_mails" ADD COLUMN "reply_to_name" text;