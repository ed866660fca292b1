CREATE TABLE "received_mails" (
	"id" text PRIMARY KEY NOT NULL,
	"message_id" uuid,
	"ticket_id" uuid,
	"outcome" text NOT NULL,
	"reason" text,
	"rfc_id" text NOT NULL,
	"refers_to" text[] NOT NULL,
	"from_email" text NOT NULL,
	"from_name" text NOT NULL,
	"recipients" text[] NOT NULL,
	"subject" text NOT NULL,
	"content" text,
	"authentication" jsonb NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"kept_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ticket_mails" (
	"message_id" uuid PRIMARY KEY NOT NULL,
	"message" jsonb NOT NULL,
	"frozen_at" timestamp with time zone NOT NULL,
	"resend_id" text,
	"wire_id" text
);
--> statement-breakpoint
ALTER TABLE "received_mails" ADD CONSTRAINT "received_mails_message_id_ticket_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."ticket_messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "received_mails" ADD CONSTRAINT "received_mails_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_mails" ADD CONSTRAINT "ticket_mails_message_id_ticket_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."ticket_messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "received_mails_message" ON "received_mails" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "received_mails_ticket" ON "received_mails" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "received_mails_from" ON "received_mails" USING btree ("from_email","received_at");--> statement-breakpoint
CREATE INDEX "received_mails_refers" ON "received_mails" USING gin ("refers_to");--> statement-breakpoint
CREATE INDEX "received_mails_apart" ON "received_mails" USING btree ("received_at" DESC NULLS LAST,"id") WHERE ticket_id is null;--> statement-breakpoint
CREATE INDEX "ticket_mails_resend" ON "ticket_mails" USING btree ("resend_id") WHERE resend_id is not null;--> statement-breakpoint
CREATE INDEX "ticket_mails_wire" ON "ticket_mails" USING btree ("wire_id") WHERE wire_id is not null;