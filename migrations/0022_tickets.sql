CREATE TABLE "canned_replies" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"content" text NOT NULL,
	"category_id" text,
	"keywords" text[] DEFAULT '{}' NOT NULL,
	"suggested" boolean DEFAULT false NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "discord_link_codes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"user_name" text NOT NULL,
	"email" text NOT NULL,
	"customer_id" uuid,
	"code_hash" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "discord_links" (
	"user_id" text PRIMARY KEY NOT NULL,
	"customer_id" uuid NOT NULL,
	"user_name" text NOT NULL,
	"linked_at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "file_deletions" (
	"key" text PRIMARY KEY NOT NULL,
	"requested_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "support_blocks" (
	"subject" text PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"until" timestamp with time zone,
	"blocked_at" timestamp with time zone NOT NULL,
	"blocked_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ticket_attachments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"ticket_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"external_id" text NOT NULL,
	"name" text NOT NULL,
	"content_type" text NOT NULL,
	"size" bigint NOT NULL,
	"url" text,
	"status" text NOT NULL,
	"key" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone,
	"error" text,
	CONSTRAINT "ticket_attachments_once" UNIQUE("message_id","external_id")
);
--> statement-breakpoint
CREATE TABLE "ticket_categories" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"position" integer NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"questions" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"keywords" text[] DEFAULT '{}' NOT NULL,
	"role_id" text DEFAULT '' NOT NULL,
	"parent_id" text DEFAULT '' NOT NULL,
	"first_response_minutes" integer DEFAULT 240 NOT NULL,
	"resolution_minutes" integer DEFAULT 2880 NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ticket_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"ticket_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	"actor_label" text,
	"data" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "ticket_events_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "ticket_message_edits" (
	"message_id" uuid NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"content" text NOT NULL,
	CONSTRAINT "ticket_message_edits_message_id_until_pk" PRIMARY KEY("message_id","until")
);
--> statement-breakpoint
CREATE TABLE "ticket_messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"ticket_id" uuid NOT NULL,
	"origin" text NOT NULL,
	"external_id" text,
	"author_id" text,
	"author_name" text NOT NULL,
	"author_kind" text NOT NULL,
	"internal" boolean DEFAULT false NOT NULL,
	"content" text NOT NULL,
	"embeds" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"reply_to" text,
	"sent_at" timestamp with time zone NOT NULL,
	"edited_at" timestamp with time zone,
	"deleted_at" timestamp with time zone,
	"delivery" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone,
	"error" text,
	CONSTRAINT "ticket_messages_once" UNIQUE("ticket_id","external_id")
);
--> statement-breakpoint
CREATE TABLE "tickets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" bigint GENERATED ALWAYS AS IDENTITY (sequence name "tickets_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"source" text NOT NULL,
	"status" text NOT NULL,
	"category_id" text NOT NULL,
	"priority" text DEFAULT 'normal' NOT NULL,
	"suggested_category_id" text,
	"suggested_priority" text,
	"subject" text NOT NULL,
	"description" text NOT NULL,
	"answers" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"customer_id" uuid,
	"opener_id" text,
	"opener_name" text NOT NULL,
	"opener_email" text,
	"guild_id" text,
	"place_kind" text,
	"channel_id" text,
	"staff_thread_id" text,
	"control_message_id" text,
	"interaction_token" text,
	"claimed_by" text,
	"claimed_by_label" text,
	"claimed_at" timestamp with time zone,
	"opened_at" timestamp with time zone NOT NULL,
	"first_response_at" timestamp with time zone,
	"first_response_by" text,
	"last_message_at" timestamp with time zone NOT NULL,
	"last_from" text DEFAULT 'opener' NOT NULL,
	"nudged_at" timestamp with time zone,
	"warned_at" timestamp with time zone,
	"close_asked_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"closed_by" text,
	"closed_by_label" text,
	"close_reason" text,
	"reopened_at" timestamp with time zone,
	"rating" integer,
	"rating_comment" text,
	"rated_at" timestamp with time zone,
	"lease_until" timestamp with time zone,
	"next_attempt_at" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"error" text,
	"captured_to" text,
	"capture_at" timestamp with time zone,
	"idle_captures" integer DEFAULT 0 NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "tickets_channel_id_unique" UNIQUE("channel_id"),
	CONSTRAINT "tickets_number" UNIQUE("number")
);
--> statement-breakpoint
DROP INDEX "customers_search";--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "discord_name" text;--> statement-breakpoint
ALTER TABLE "staff" ADD COLUMN "discord_user_id" text;--> statement-breakpoint
ALTER TABLE "discord_link_codes" ADD CONSTRAINT "discord_link_codes_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "discord_links" ADD CONSTRAINT "discord_links_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_attachments" ADD CONSTRAINT "ticket_attachments_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_attachments" ADD CONSTRAINT "ticket_attachments_message_id_ticket_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."ticket_messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_events" ADD CONSTRAINT "ticket_events_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_message_edits" ADD CONSTRAINT "ticket_message_edits_message_id_ticket_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."ticket_messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_messages" ADD CONSTRAINT "ticket_messages_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "discord_link_codes_user" ON "discord_link_codes" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "discord_links_customer" ON "discord_links" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "ticket_attachments_waiting" ON "ticket_attachments" USING btree ("next_attempt_at") WHERE status = 'waiting';--> statement-breakpoint
CREATE INDEX "ticket_attachments_ticket" ON "ticket_attachments" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "ticket_events_ticket" ON "ticket_events" USING btree ("ticket_id","at");--> statement-breakpoint
CREATE INDEX "ticket_messages_said" ON "ticket_messages" USING btree ("ticket_id","sent_at","id");--> statement-breakpoint
CREATE INDEX "ticket_messages_external" ON "ticket_messages" USING btree ("external_id");--> statement-breakpoint
CREATE INDEX "ticket_messages_queued" ON "ticket_messages" USING btree ("next_attempt_at") WHERE delivery = 'queued';--> statement-breakpoint
CREATE INDEX "ticket_messages_search" ON "ticket_messages" USING gin (to_tsvector('simple', "content"));--> statement-breakpoint
CREATE UNIQUE INDEX "tickets_open_once" ON "tickets" USING btree ("guild_id","opener_id","category_id") WHERE status <> 'closed' and source = 'discord';--> statement-breakpoint
CREATE INDEX "tickets_work" ON "tickets" USING btree ("next_attempt_at") WHERE status in ('opening', 'closing');--> statement-breakpoint
CREATE INDEX "tickets_capture" ON "tickets" USING btree ("capture_at") WHERE status = 'open' and source = 'discord';--> statement-breakpoint
CREATE INDEX "tickets_open" ON "tickets" USING btree ("last_message_at") WHERE status <> 'closed';--> statement-breakpoint
CREATE INDEX "tickets_opened" ON "tickets" USING btree ("opened_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "tickets_customer" ON "tickets" USING btree ("customer_id","opened_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "tickets_opener" ON "tickets" USING btree ("opener_id","opened_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "tickets_email" ON "tickets" USING btree ("opener_email","opened_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "customers_search" ON "customers" USING gin ((lower(coalesce(name, '') || ' ' || coalesce(email, '') || ' ' || coalesce(stripe_id, '') || ' ' || coalesce(discord_name, ''))) gin_trgm_ops);--> statement-breakpoint
ALTER TABLE "staff" ADD CONSTRAINT "staff_discord_user_id_unique" UNIQUE("discord_user_id");