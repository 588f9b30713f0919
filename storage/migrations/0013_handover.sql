-- What became of a question, and by which entry it was answered, so that it can be seen what people ask and the bot
-- can't tell. Both empty where nobody said.
ALTER TABLE questions ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
ALTER TABLE questions ADD COLUMN entry TEXT NOT NULL DEFAULT '';
-- Who said that it is done: asker or team.
ALTER TABLE questions ADD COLUMN ended_by TEXT NOT NULL DEFAULT '';

-- How many questions there were that are not kept any more, by the day they were asked; nobody's name, nobody's words.
-- Kept 2 years.
CREATE TABLE faq_counts (
    day TEXT NOT NULL,
    language TEXT NOT NULL,
    outcome TEXT NOT NULL,
    entry TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (day, language, outcome, entry)
);

-- However a question goes (after its time, with its asker, because they said so), it is counted.
CREATE TRIGGER questions_are_counted AFTER DELETE ON questions
BEGIN
    INSERT INTO faq_counts (day, language, outcome, entry, number)
    VALUES (substr(OLD.created_at, 1, 10), OLD.language, OLD.outcome, OLD.entry, 1)
    ON CONFLICT (day, language, outcome, entry) DO UPDATE SET number = faq_counts.number + 1;
END;

-- What a message is about where people may answer to it, as view:id; empty for most messages, which the index leaves
-- out.
ALTER TABLE outbox ADD COLUMN about TEXT NOT NULL DEFAULT '';
CREATE INDEX outbox_by_about ON outbox (chat_id) WHERE about <> '';
