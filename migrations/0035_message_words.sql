CREATE TABLE "ticket_message_words" (
	"message_id" uuid PRIMARY KEY NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	"words" "tsvector" NOT NULL
);
--> statement-breakpoint
DROP INDEX "ticket_messages_search";--> statement-breakpoint
ALTER TABLE "ticket_message_words" ADD CONSTRAINT "ticket_message_words_message_id_ticket_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."ticket_messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
-- Of more words it is known how many messages say them, so that a rare one is looked up and a common one is read along.
ALTER TABLE "ticket_message_words" ALTER COLUMN "words" SET STATISTICS 1000;--> statement-breakpoint
CREATE INDEX "ticket_message_words_search" ON "ticket_message_words" USING gin ("words");--> statement-breakpoint
CREATE INDEX "ticket_message_words_newest" ON "ticket_message_words" USING btree ("sent_at","message_id");--> statement-breakpoint
-- What a message is found by. A tsvector of 120,000 letters is within what PostgreSQL keeps.
CREATE FUNCTION "ticket_message_text"(message uuid) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT left(concat_ws(E'\n', m.content,
		CASE WHEN m.origin = 'form' THEN
			(SELECT string_agg(a ->> 'answer', E'\n') FROM tickets t, jsonb_array_elements(t.answers) a WHERE t.id = m.ticket_id) END,
		-- A name is found as a whole and by its parts.
		(SELECT string_agg(concat_ws(' ', f.name, nullif(translate(f.name, '._-', '   '), f.name)), E'\n' ORDER BY f.external_id, f.id)
			FROM ticket_attachments f WHERE f.message_id = m.id),
		(SELECT string_agg(said #>> '{}', E'\n') FROM (
				SELECT jsonb_path_query(m.embeds, 'lax $[*].author.name') UNION ALL
				SELECT jsonb_path_query(m.embeds, 'lax $[*].title') UNION ALL
				SELECT jsonb_path_query(m.embeds, 'lax $[*].description') UNION ALL
				SELECT jsonb_path_query(m.embeds, 'lax $[*].fields[*].name') UNION ALL
				SELECT jsonb_path_query(m.embeds, 'lax $[*].fields[*].value') UNION ALL
				SELECT jsonb_path_query(m.embeds, 'lax $[*].footer.text')) AS embed(said)
			WHERE jsonb_typeof(said) = 'string'),
		(SELECT string_agg(e.content, E'\n' ORDER BY e.until DESC) FROM ticket_message_edits e WHERE e.message_id = m.id)
	), 120000) FROM ticket_messages m WHERE m.id = message
$$;--> statement-breakpoint
CREATE FUNCTION "keep_message_words"(message uuid) RETURNS void LANGUAGE sql AS $$
	INSERT INTO ticket_message_words (message_id, sent_at, words)
	SELECT id, sent_at, to_tsvector('simple', ticket_message_text(id)) FROM ticket_messages WHERE id = message
	ON CONFLICT (message_id) DO UPDATE SET sent_at = excluded.sent_at, words = excluded.words
$$;--> statement-breakpoint
CREATE FUNCTION "message_words_changed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_TABLE_NAME = 'ticket_messages' THEN
		PERFORM keep_message_words(NEW.id);
	ELSIF TG_TABLE_NAME = 'tickets' THEN
		PERFORM keep_message_words(id) FROM ticket_messages WHERE ticket_id = NEW.id AND origin = 'form';
	ELSIF TG_OP = 'DELETE' THEN
		PERFORM keep_message_words(OLD.message_id);
	ELSE
		PERFORM keep_message_words(NEW.message_id);
	END IF;
	RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "ticket_messages_words" AFTER INSERT ON "ticket_messages"
	FOR EACH ROW EXECUTE FUNCTION "message_words_changed"();--> statement-breakpoint
CREATE TRIGGER "ticket_messages_reworded" AFTER UPDATE OF "content", "embeds", "sent_at", "ticket_id" ON "ticket_messages"
	FOR EACH ROW WHEN ((OLD.content, OLD.embeds, OLD.sent_at, OLD.ticket_id) IS DISTINCT FROM (NEW.content, NEW.embeds, NEW.sent_at, NEW.ticket_id))
	EXECUTE FUNCTION "message_words_changed"();--> statement-breakpoint
CREATE TRIGGER "ticket_message_edits_words" AFTER INSERT OR DELETE OR UPDATE OF "content" ON "ticket_message_edits"
	FOR EACH ROW EXECUTE FUNCTION "message_words_changed"();--> statement-breakpoint
CREATE TRIGGER "ticket_attachments_words" AFTER INSERT OR DELETE OR UPDATE OF "name" ON "ticket_attachments"
	FOR EACH ROW EXECUTE FUNCTION "message_words_changed"();--> statement-breakpoint
CREATE TRIGGER "tickets_answers_words" AFTER UPDATE OF "answers" ON "tickets"
	FOR EACH ROW WHEN (OLD.answers IS DISTINCT FROM NEW.answers) EXECUTE FUNCTION "message_words_changed"();
