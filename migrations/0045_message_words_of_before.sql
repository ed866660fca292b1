-- What was said before triggers kept its words. Nobody waits for it: those who write meanwhile keep theirs, and who is
-- deleted stays until it is done.
INSERT INTO "ticket_message_words" ("message_id", "sent_at", "words")
	SELECT m.id, m.sent_at, to_tsvector('simple', left(concat_ws(E'\n', m.content,
		CASE WHEN m.origin = 'form' THEN
			(SELECT string_agg(a ->> 'answer', E'\n') FROM tickets t, jsonb_array_elements(t.answers) a WHERE t.id = m.ticket_id) END,
		files.names,
		CASE WHEN m.embeds <> '[]' THEN ticket_embeds_text(m.embeds) END,
		edits.earlier), 120000))
	FROM ticket_messages m
		LEFT JOIN (
			SELECT f.message_id, string_agg(concat_ws(' ', f.name, nullif(translate(f.name, '._-', '   '), f.name)), E'\n' ORDER BY f.external_id, f.id) AS names
			FROM ticket_attachments f GROUP BY f.message_id) files ON files.message_id = m.id
		LEFT JOIN (
			SELECT e.message_id, string_agg(e.content, E'\n' ORDER BY e.until DESC) AS earlier
			FROM ticket_message_edits e GROUP BY e.message_id) edits ON edits.message_id = m.id
	WHERE NOT EXISTS (SELECT FROM ticket_message_words w WHERE w.message_id = m.id)
	FOR KEY SHARE OF m
	ON CONFLICT ("message_id") DO NOTHING;
