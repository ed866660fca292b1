CREATE FUNCTION "ticket_embeds_text"(embeds jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT string_agg(part #>> '{}', E'\n') FROM (
			SELECT jsonb_path_query(embeds, 'lax $[*].author.name') UNION ALL
			SELECT jsonb_path_query(embeds, 'lax $[*].title') UNION ALL
			SELECT jsonb_path_query(embeds, 'lax $[*].description') UNION ALL
			SELECT jsonb_path_query(embeds, 'lax $[*].fields[*].name') UNION ALL
			SELECT jsonb_path_query(embeds, 'lax $[*].fields[*].value') UNION ALL
			SELECT jsonb_path_query(embeds, 'lax $[*].footer.text')) AS embed(part)
		WHERE jsonb_typeof(part) = 'string'
$$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION "ticket_message_text"(message uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
	said ticket_messages%ROWTYPE;
	answers text;
	names text;
	embedded text;
	earlier text;
BEGIN
	SELECT * INTO said FROM ticket_messages WHERE id = message;
	IF said.origin = 'form' THEN
		SELECT string_agg(a ->> 'answer', E'\n') INTO answers
			FROM tickets t, jsonb_array_elements(t.answers) a WHERE t.id = said.ticket_id;
	END IF;
	-- A name is found as a whole and by its parts.
	SELECT string_agg(concat_ws(' ', f.name, nullif(translate(f.name, '._-', '   '), f.name)), E'\n' ORDER BY f.external_id, f.id) INTO names
		FROM ticket_attachments f WHERE f.message_id = message;
	IF said.embeds <> '[]' THEN
		embedded := ticket_embeds_text(said.embeds);
	END IF;
	SELECT string_agg(e.content, E'\n' ORDER BY e.until DESC) INTO earlier FROM ticket_message_edits e WHERE e.message_id = message;
	RETURN left(concat_ws(E'\n', said.content, answers, names, embedded, earlier), 120000);
END $$;--> statement-breakpoint
-- What has just been said has neither files nor earlier wordings: many at once take one statement.
CREATE FUNCTION "message_words_said"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO ticket_message_words (message_id, sent_at, words)
	SELECT m.id, m.sent_at, to_tsvector('simple', left(concat_ws(E'\n', m.content,
		CASE WHEN m.origin = 'form' THEN
			(SELECT string_agg(a ->> 'answer', E'\n') FROM tickets t, jsonb_array_elements(t.answers) a WHERE t.id = m.ticket_id) END,
		CASE WHEN m.embeds <> '[]' THEN ticket_embeds_text(m.embeds) END), 120000))
	FROM said m ON CONFLICT (message_id) DO NOTHING;
	RETURN NULL;
END $$;--> statement-breakpoint
DROP TRIGGER "ticket_messages_words" ON "ticket_messages";--> statement-breakpoint
CREATE TRIGGER "ticket_messages_words" AFTER INSERT ON "ticket_messages" REFERENCING NEW TABLE AS said
	FOR EACH STATEMENT EXECUTE FUNCTION "message_words_said"();
