-- Questions that people asked. A draft is what somebody asked the bot: kept 2 days, so that "ask a human" knows the
-- question. What went to the team is kept a year after it ended; while it is open, until somebody ends it.
-- Goes with its asker. Ids are never used twice: buttons and cards outlive rows.
CREATE TABLE questions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    asker_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    chat_id INTEGER REFERENCES chats (id) ON DELETE SET NULL,
    thread TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'draft'
        CHECK (state IN ('draft', 'open', 'taken', 'answered', 'done', 'declined')),
    decided_by INTEGER REFERENCES persons (id) ON DELETE SET NULL,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL
);

CREATE INDEX questions_waiting ON questions (id) WHERE state IN ('open', 'taken');
CREATE INDEX questions_by_asker ON questions (asker_id);

-- What was said after a question: the team's answers and the asker's further questions. Go with the question.
CREATE TABLE question_turns (
    id INTEGER PRIMARY KEY,
    question_id INTEGER NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
    from_team INTEGER NOT NULL,
    person_id INTEGER REFERENCES persons (id) ON DELETE SET NULL,
    text TEXT NOT NULL,
    said_at TEXT NOT NULL
);

CREATE INDEX question_turns_by_question ON question_turns (question_id);

-- How often an answer helped, by day; nobody's name. Kept a year.
CREATE TABLE faq_feedback (
    entry TEXT NOT NULL,
    day TEXT NOT NULL,
    helped INTEGER NOT NULL DEFAULT 0,
    not_helped INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (entry, day)
);

-- Wrong one-time codes, so that nobody can try many. Kept a day.
CREATE TABLE code_attempts (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    tried_at TEXT NOT NULL
);

CREATE INDEX code_attempts_by_person ON code_attempts (person_id, tried_at);
