CREATE TABLE "enrolments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"sequence_id" text NOT NULL,
	"customer_id" uuid NOT NULL,
	"subject_id" text NOT NULL,
	"subscription_id" text,
	"invoice_id" text,
	"rule_id" text NOT NULL,
	"rule_version" integer NOT NULL,
	"change_key" text NOT NULL,
	"event_id" text,
	"change_data" jsonb NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"status" text NOT NULL,
	"exit_reason" text,
	"ended_at" timestamp with time zone,
	CONSTRAINT "enrolments_once" UNIQUE("sequence_id","customer_id","subject_id")
);
--> statement-breakpoint
CREATE TABLE "rule_firings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"rule_id" text NOT NULL,
	"rule_version" integer NOT NULL,
	"change_key" text NOT NULL,
	"change_kind" text NOT NULL,
	"event_id" text,
	"customer_id" uuid NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"fired_at" timestamp with time zone NOT NULL,
	"actions" jsonb NOT NULL,
	CONSTRAINT "rule_firings_once" UNIQUE("rule_id","change_key")
);
--> statement-breakpoint
CREATE TABLE "rules" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"change_kind" text NOT NULL,
	"condition" jsonb NOT NULL,
	"actions" jsonb NOT NULL,
	"enabled" boolean NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sequences" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"mail_class" text NOT NULL,
	"steps" jsonb NOT NULL,
	"exits" jsonb NOT NULL,
	"stale_after_hours" integer DEFAULT 48 NOT NULL,
	"enabled" boolean NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "staff_notifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"customer_id" uuid,
	"message" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"read_at" timestamp with time zone,
	CONSTRAINT "staff_notifications_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "charges" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" uuid,
	"invoice_id" text,
	"payment_intent_id" text,
	"payment_method_id" text,
	"status" text NOT NULL,
	"currency" text NOT NULL,
	"amount" bigint NOT NULL,
	"amount_captured" bigint NOT NULL,
	"amount_refunded" bigint NOT NULL,
	"disputed" boolean NOT NULL,
	"failure_code" text,
	"decline_code" text,
	"failure_message" text,
	"receipt_url" text,
	"created_at" timestamp with time zone NOT NULL,
	"settled" boolean DEFAULT false NOT NULL,
	"synced_at" timestamp with time zone NOT NULL,
	"synced_order" text NOT NULL,
	"digest" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "customers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"stripe_id" text,
	"email" text,
	"name" text,
	"phone" text,
	"country" text,
	"currency" text,
	"locale" text,
	"time_zone" text,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"delinquent" boolean DEFAULT false NOT NULL,
	"deleted_at" timestamp with time zone,
	"tags" text[] DEFAULT '{}' NOT NULL,
	"stage" text DEFAULT 'lead' NOT NULL,
	"stage_since" timestamp with time zone,
	"stage_review_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"version" integer DEFAULT 0 NOT NULL,
	"settled" boolean DEFAULT false NOT NULL,
	"synced_at" timestamp with time zone NOT NULL,
	"synced_order" text NOT NULL,
	"digest" text NOT NULL,
	CONSTRAINT "customers_stripe_id_unique" UNIQUE("stripe_id")
);
--> statement-breakpoint
CREATE TABLE "disputes" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" uuid,
	"charge_id" text,
	"payment_intent_id" text,
	"status" text NOT NULL,
	"reason" text,
	"currency" text NOT NULL,
	"amount" bigint NOT NULL,
	"evidence_due_by" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"settled" boolean DEFAULT false NOT NULL,
	"synced_at" timestamp with time zone NOT NULL,
	"synced_order" text NOT NULL,
	"digest" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invoice_payments" (
	"id" text PRIMARY KEY NOT NULL,
	"invoice_id" text NOT NULL,
	"payment_intent_id" text,
	"charge_id" text,
	"status" text NOT NULL,
	"currency" text NOT NULL,
	"amount_requested" bigint NOT NULL,
	"amount_paid" bigint,
	"paid_at" timestamp with time zone,
	"settled" boolean DEFAULT false NOT NULL,
	"synced_at" timestamp with time zone NOT NULL,
	"synced_order" text NOT NULL,
	"digest" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invoices" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" uuid NOT NULL,
	"subscription_id" text,
	"number" text,
	"status" text NOT NULL,
	"relevant" boolean NOT NULL,
	"currency" text NOT NULL,
	"subtotal" bigint NOT NULL,
	"total" bigint NOT NULL,
	"total_excluding_tax" bigint,
	"tax" bigint NOT NULL,
	"amount_due" bigint NOT NULL,
	"amount_paid" bigint NOT NULL,
	"amount_remaining" bigint NOT NULL,
	"attempt_count" integer NOT NULL,
	"next_payment_attempt" timestamp with time zone,
	"billing_reason" text,
	"hosted_invoice_url" text,
	"due_at" timestamp with time zone,
	"period_start" timestamp with time zone,
	"period_end" timestamp with time zone,
	"finalized_at" timestamp with time zone,
	"paid_at" timestamp with time zone,
	"voided_at" timestamp with time zone,
	"lines" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"taxes" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"discounts" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"first_failed_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"settled" boolean DEFAULT false NOT NULL,
	"synced_at" timestamp with time zone NOT NULL,
	"synced_order" text NOT NULL,
	"digest" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payment_intents" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" uuid,
	"invoice_id" text,
	"status" text NOT NULL,
	"currency" text NOT NULL,
	"amount" bigint NOT NULL,
	"amount_received" bigint NOT NULL,
	"latest_charge_id" text,
	"failure_code" text,
	"decline_code" text,
	"failure_message" text,
	"created_at" timestamp with time zone NOT NULL,
	"settled" boolean DEFAULT false NOT NULL,
	"synced_at" timestamp with time zone NOT NULL,
	"synced_order" text NOT NULL,
	"digest" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payment_methods" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" uuid,
	"type" text NOT NULL,
	"brand" text,
	"last4" text,
	"exp_month" integer,
	"exp_year" integer,
	"created_at" timestamp with time zone NOT NULL,
	"settled" boolean DEFAULT false NOT NULL,
	"synced_at" timestamp with time zone NOT NULL,
	"synced_order" text NOT NULL,
	"digest" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "prices" (
	"id" text PRIMARY KEY NOT NULL,
	"product_id" text,
	"active" boolean NOT NULL,
	"nickname" text,
	"currency" text NOT NULL,
	"unit_amount" bigint,
	"interval" text,
	"interval_count" integer,
	"settled" boolean DEFAULT false NOT NULL,
	"synced_at" timestamp with time zone NOT NULL,
	"synced_order" text NOT NULL,
	"digest" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "products" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"active" boolean NOT NULL,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"settled" boolean DEFAULT false NOT NULL,
	"synced_at" timestamp with time zone NOT NULL,
	"synced_order" text NOT NULL,
	"digest" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "refunds" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" uuid,
	"charge_id" text,
	"payment_intent_id" text,
	"status" text NOT NULL,
	"currency" text NOT NULL,
	"amount" bigint NOT NULL,
	"reason" text,
	"failure_reason" text,
	"created_at" timestamp with time zone NOT NULL,
	"settled" boolean DEFAULT false NOT NULL,
	"synced_at" timestamp with time zone NOT NULL,
	"synced_order" text NOT NULL,
	"digest" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stage_history" (
	"customer_id" uuid NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"stage" text NOT NULL,
	CONSTRAINT "stage_history_customer_id_since_pk" PRIMARY KEY("customer_id","since")
);
--> statement-breakpoint
CREATE TABLE "subscription_items" (
	"id" text PRIMARY KEY NOT NULL,
	"subscription_id" text NOT NULL,
	"price_id" text,
	"product_id" text,
	"quantity" integer,
	"currency" text,
	"unit_amount" bigint,
	"unit_amount_decimal" numeric,
	"interval" text,
	"interval_count" integer,
	"usage_type" text,
	"discounts" jsonb DEFAULT '[]'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "subscription_states" (
	"subscription_id" text NOT NULL,
	"event_id" text NOT NULL,
	"customer_id" uuid NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"position" text NOT NULL,
	"status" text NOT NULL,
	"status_before" text,
	"relevant" boolean NOT NULL,
	"cancel_scheduled" boolean NOT NULL,
	"paused" boolean NOT NULL,
	"items" jsonb NOT NULL,
	CONSTRAINT "subscription_states_subscription_id_event_id_pk" PRIMARY KEY("subscription_id","event_id")
);
--> statement-breakpoint
CREATE TABLE "subscriptions" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" uuid NOT NULL,
	"status" text NOT NULL,
	"currency" text,
	"relevant" boolean NOT NULL,
	"cancel_at_period_end" boolean NOT NULL,
	"cancel_at" timestamp with time zone,
	"canceled_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"trial_start" timestamp with time zone,
	"trial_end" timestamp with time zone,
	"current_period_start" timestamp with time zone,
	"current_period_end" timestamp with time zone,
	"started_at" timestamp with time zone NOT NULL,
	"cancellation_reason" text,
	"cancellation_feedback" text,
	"cancellation_comment" text,
	"pause_behavior" text,
	"pause_resumes_at" timestamp with time zone,
	"collection_method" text,
	"discounts" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"latest_invoice_id" text,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"settled" boolean DEFAULT false NOT NULL,
	"synced_at" timestamp with time zone NOT NULL,
	"synced_order" text NOT NULL,
	"digest" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tax_ids" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" uuid,
	"type" text NOT NULL,
	"value" text,
	"country" text,
	"verification_status" text,
	"deleted" boolean NOT NULL,
	"settled" boolean DEFAULT false NOT NULL,
	"synced_at" timestamp with time zone NOT NULL,
	"synced_order" text NOT NULL,
	"digest" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "timeline_entries" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"customer_id" uuid NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"data" jsonb NOT NULL,
	"source" text NOT NULL,
	"source_id" text,
	CONSTRAINT "timeline_entries_key" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"key_hash" text NOT NULL,
	"scopes" text[] NOT NULL,
	"rate_per_minute" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "api_keys_key_hash_unique" UNIQUE("key_hash")
);
--> statement-breakpoint
CREATE TABLE "api_rate_windows" (
	"api_key_id" uuid PRIMARY KEY NOT NULL,
	"window_start" timestamp with time zone NOT NULL,
	"used" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cancellations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"request_key" text NOT NULL,
	"customer_id" uuid NOT NULL,
	"subscription_id" text NOT NULL,
	"reason" text NOT NULL,
	"comment" text,
	"action" text NOT NULL,
	"coupon" text,
	"resumes_at" timestamp with time zone,
	"status" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone NOT NULL,
	"last_error" text,
	"done_at" timestamp with time zone,
	CONSTRAINT "cancellations_once" UNIQUE("subscription_id","request_key")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"api_key_id" uuid NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"attempt" uuid NOT NULL,
	"locked_until" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"status" integer,
	"answer" text,
	CONSTRAINT "idempotency_keys_api_key_id_key_pk" PRIMARY KEY("api_key_id","key")
);
--> statement-breakpoint
CREATE TABLE "leads" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"source" text NOT NULL,
	"kind" text NOT NULL,
	"name" text,
	"plan" text,
	"trial_ends_at" timestamp with time zone,
	"data" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "leads_once" UNIQUE("email","source")
);
--> statement-breakpoint
CREATE TABLE "customer_mrr" (
	"customer_id" uuid NOT NULL,
	"currency" text NOT NULL,
	"amount" bigint NOT NULL,
	CONSTRAINT "customer_mrr_customer_id_currency_pk" PRIMARY KEY("customer_id","currency")
);
--> statement-breakpoint
CREATE TABLE "customer_notes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"customer_id" uuid NOT NULL,
	"text" text NOT NULL,
	"author" text NOT NULL,
	"author_label" text,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "email_outbox" (
	"id" uuid PRIMARY KEY NOT NULL,
	"dedupe_key" text NOT NULL,
	"customer_id" uuid NOT NULL,
	"enrolment_id" uuid,
	"step" integer,
	"template_id" text NOT NULL,
	"mail_class" text NOT NULL,
	"priority" integer DEFAULT 5 NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"stale_at" timestamp with time zone NOT NULL,
	"status" text NOT NULL,
	"reason" text,
	"lease_until" timestamp with time zone,
	"template_version" integer,
	"message" jsonb,
	"request_id" uuid,
	"request_index" integer,
	"resend_id" text,
	"sent_at" timestamp with time zone,
	"delivery" text,
	"delivery_at" timestamp with time zone,
	"opened_at" timestamp with time zone,
	"clicked_at" timestamp with time zone,
	"complained_at" timestamp with time zone,
	"bounce" jsonb,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "email_outbox_dedupe_key_unique" UNIQUE("dedupe_key")
);
--> statement-breakpoint
CREATE TABLE "email_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"status" text NOT NULL,
	"lease_until" timestamp with time zone NOT NULL,
	"attempts" integer NOT NULL,
	"first_attempt_at" timestamp with time zone NOT NULL,
	"last_answer" text
);
--> statement-breakpoint
CREATE TABLE "sender_state" (
	"id" text PRIMARY KEY NOT NULL,
	"paused_until" timestamp with time zone,
	"reason" text
);
--> statement-breakpoint
CREATE TABLE "suppressions" (
	"email" text NOT NULL,
	"reason" text NOT NULL,
	"all" boolean NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"source_id" text,
	CONSTRAINT "suppressions_email_reason_pk" PRIMARY KEY("email","reason")
);
--> statement-breakpoint
CREATE TABLE "template_versions" (
	"template_id" text NOT NULL,
	"version" integer NOT NULL,
	"subject" text NOT NULL,
	"html" text NOT NULL,
	"text" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"created_by" text NOT NULL,
	CONSTRAINT "template_versions_template_id_version_pk" PRIMARY KEY("template_id","version")
);
--> statement-breakpoint
CREATE TABLE "templates" (
	"id" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"name" text NOT NULL,
	"mail_class" text NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	"actor_label" text,
	"action" text NOT NULL,
	"subject_type" text NOT NULL,
	"subject_id" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"outcome" text NOT NULL,
	"request_id" text
);
--> statement-breakpoint
CREATE TABLE "staff" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"disabled_at" timestamp with time zone,
	CONSTRAINT "staff_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "staff_sessions" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"staff_id" uuid NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone,
	"user_agent" text
);
--> statement-breakpoint
CREATE TABLE "resend_events" (
	"svix_id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"payload" text NOT NULL,
	"outbox_id" text,
	"email_id" text,
	"status" text DEFAULT 'received' NOT NULL,
	"reason" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"name" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stripe_events" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"api_version" text,
	"livemode" boolean NOT NULL,
	"account" text,
	"created_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"payload" text NOT NULL,
	"object_id" text,
	"stripe_customer_id" text,
	"status" text DEFAULT 'received' NOT NULL,
	"reason" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rule_firings" ADD CONSTRAINT "rule_firings_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff_notifications" ADD CONSTRAINT "staff_notifications_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "charges" ADD CONSTRAINT "charges_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_intents" ADD CONSTRAINT "payment_intents_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_methods" ADD CONSTRAINT "payment_methods_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stage_history" ADD CONSTRAINT "stage_history_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscription_items" ADD CONSTRAINT "subscription_items_subscription_id_subscriptions_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscriptions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscription_states" ADD CONSTRAINT "subscription_states_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tax_ids" ADD CONSTRAINT "tax_ids_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "timeline_entries" ADD CONSTRAINT "timeline_entries_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_rate_windows" ADD CONSTRAINT "api_rate_windows_api_key_id_api_keys_id_fk" FOREIGN KEY ("api_key_id") REFERENCES "public"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cancellations" ADD CONSTRAINT "cancellations_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cancellations" ADD CONSTRAINT "cancellations_subscription_id_subscriptions_id_fk" FOREIGN KEY ("subscription_id") REFERENCES "public"."subscriptions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_api_key_id_api_keys_id_fk" FOREIGN KEY ("api_key_id") REFERENCES "public"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customer_mrr" ADD CONSTRAINT "customer_mrr_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customer_notes" ADD CONSTRAINT "customer_notes_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "email_outbox" ADD CONSTRAINT "email_outbox_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "email_outbox" ADD CONSTRAINT "email_outbox_request_id_email_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."email_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff_sessions" ADD CONSTRAINT "staff_sessions_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "enrolments_customer" ON "enrolments" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "enrolments_running" ON "enrolments" USING btree ("sequence_id","started_at") WHERE status = 'active';--> statement-breakpoint
CREATE INDEX "rule_firings_customer" ON "rule_firings" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "staff_notifications_unread" ON "staff_notifications" USING btree ("created_at") WHERE read_at is null;--> statement-breakpoint
CREATE INDEX "charges_customer" ON "charges" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "charges_payment_intent" ON "charges" USING btree ("payment_intent_id");--> statement-breakpoint
CREATE INDEX "charges_invoice" ON "charges" USING btree ("invoice_id");--> statement-breakpoint
CREATE INDEX "customers_email" ON "customers" USING btree (lower("email"));--> statement-breakpoint
CREATE INDEX "customers_search" ON "customers" USING gin ((lower(coalesce(name, '') || ' ' || coalesce(email, '') || ' ' || coalesce(stripe_id, ''))) gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "customers_created" ON "customers" USING btree ("created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "customers_name" ON "customers" USING btree (lower(coalesce(name, email, '')),"id");--> statement-breakpoint
CREATE INDEX "customers_stage" ON "customers" USING btree ("stage","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "customers_country" ON "customers" USING btree ("country","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "customers_tags" ON "customers" USING gin ("tags");--> statement-breakpoint
CREATE INDEX "customers_stage_review" ON "customers" USING btree ("stage_review_at") WHERE stage_review_at is not null;--> statement-breakpoint
CREATE INDEX "disputes_customer" ON "disputes" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "disputes_charge" ON "disputes" USING btree ("charge_id");--> statement-breakpoint
CREATE INDEX "invoice_payments_invoice" ON "invoice_payments" USING btree ("invoice_id");--> statement-breakpoint
CREATE INDEX "invoice_payments_payment_intent" ON "invoice_payments" USING btree ("payment_intent_id");--> statement-breakpoint
CREATE INDEX "invoices_customer" ON "invoices" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "invoices_subscription" ON "invoices" USING btree ("subscription_id");--> statement-breakpoint
CREATE INDEX "invoices_open" ON "invoices" USING btree ("created_at") WHERE status = 'open';--> statement-breakpoint
CREATE INDEX "payment_intents_customer" ON "payment_intents" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "payment_intents_invoice" ON "payment_intents" USING btree ("invoice_id");--> statement-breakpoint
CREATE INDEX "payment_methods_customer" ON "payment_methods" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "refunds_customer" ON "refunds" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "refunds_charge" ON "refunds" USING btree ("charge_id");--> statement-breakpoint
CREATE INDEX "subscription_items_subscription" ON "subscription_items" USING btree ("subscription_id");--> statement-breakpoint
CREATE INDEX "subscription_items_product" ON "subscription_items" USING btree ("product_id");--> statement-breakpoint
CREATE INDEX "subscription_states_customer" ON "subscription_states" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "subscriptions_customer" ON "subscriptions" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "tax_ids_customer" ON "tax_ids" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "timeline_entries_customer" ON "timeline_entries" USING btree ("customer_id","occurred_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "cancellations_customer" ON "cancellations" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "cancellations_pending" ON "cancellations" USING btree ("next_attempt_at") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "idempotency_keys_created" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "leads_created" ON "leads" USING btree ("created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "leads_kind" ON "leads" USING btree ("kind","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "customer_mrr_amount" ON "customer_mrr" USING btree ("currency","amount" DESC NULLS LAST,"customer_id");--> statement-breakpoint
CREATE INDEX "customer_notes_customer" ON "customer_notes" USING btree ("customer_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "email_outbox_due" ON "email_outbox" USING btree ("priority","due_at") WHERE status = 'due';--> statement-breakpoint
CREATE INDEX "email_outbox_customer" ON "email_outbox" USING btree ("customer_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "email_outbox_enrolment" ON "email_outbox" USING btree ("enrolment_id");--> statement-breakpoint
CREATE INDEX "email_outbox_resend" ON "email_outbox" USING btree ("resend_id") WHERE resend_id is not null;--> statement-breakpoint
CREATE INDEX "email_outbox_request" ON "email_outbox" USING btree ("request_id") WHERE request_id is not null;--> statement-breakpoint
CREATE INDEX "email_outbox_listed" ON "email_outbox" USING btree ("due_at","id");--> statement-breakpoint
CREATE INDEX "email_outbox_unsent" ON "email_outbox" USING btree ("status","due_at","id") WHERE status not in ('due', 'sending', 'sent');--> statement-breakpoint
CREATE INDEX "email_outbox_capped" ON "email_outbox" USING btree ("customer_id","sent_at") WHERE mail_class = 'marketing';--> statement-breakpoint
CREATE INDEX "email_requests_open" ON "email_requests" USING btree ("lease_until") WHERE status = 'open';--> statement-breakpoint
CREATE INDEX "audit_log_at" ON "audit_log" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "audit_log_subject" ON "audit_log" USING btree ("subject_type","subject_id","at");--> statement-breakpoint
CREATE INDEX "audit_log_action" ON "audit_log" USING btree ("action","at","id");--> statement-breakpoint
CREATE INDEX "audit_log_who" ON "audit_log" USING btree (coalesce(actor_label, actor),"at","id");--> statement-breakpoint
CREATE INDEX "staff_sessions_staff" ON "staff_sessions" USING btree ("staff_id");--> statement-breakpoint
CREATE INDEX "resend_events_due" ON "resend_events" USING btree ("next_attempt_at") WHERE status in ('received', 'retrying');--> statement-breakpoint
CREATE INDEX "resend_events_failed" ON "resend_events" USING btree ("received_at") WHERE status = 'failed';--> statement-breakpoint
CREATE INDEX "resend_events_received" ON "resend_events" USING btree ("received_at","svix_id");--> statement-breakpoint
CREATE INDEX "stripe_events_due" ON "stripe_events" USING btree ("next_attempt_at") WHERE status in ('received', 'retrying');--> statement-breakpoint
CREATE INDEX "stripe_events_failed" ON "stripe_events" USING btree ("received_at") WHERE status = 'failed';--> statement-breakpoint
CREATE INDEX "stripe_events_received" ON "stripe_events" USING btree ("received_at","id");