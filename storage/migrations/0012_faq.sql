-- The answers. The content pack is read into this once; from then on this is the truth, which people change in chat.
-- topic: the file that it stands in; place: where in it. content: the entry as JSON. Nobody's name; kept for good.
CREATE TABLE faq_entries (
    id TEXT PRIMARY KEY,
    topic TEXT NOT NULL,
    place INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'retired')),
    content TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    changed_at TEXT NOT NULL
);

-- What an entry was after each change, by whom: for the history, and to undo. Kept as long as the entry; the author's
-- name goes with the author.
CREATE TABLE faq_versions (
    entry_id TEXT NOT NULL REFERENCES faq_entries (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('imported', 'added', 'edited', 'reviewed', 'retired', 'restored', 'undone')),
    state TEXT NOT NULL,
    content TEXT NOT NULL,
    author_id INTEGER REFERENCES persons (id) ON DELETE SET NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (entry_id, number)
);

CREATE INDEX faq_versions_by_author ON faq_versions (author_id);

-- The content pack's files as they were last read, comments and all, so that an export gives them back. Kept for good.
CREATE TABLE faq_files (
    topic TEXT PRIMARY KEY,
    content TEXT NOT NULL
);

-- Entries that a manager is writing: seen by nobody else until they are published. question_id: what it came from.
-- based_on: the version that it is to replace, 0 for a new entry. Kept 30 days; goes with its author.
CREATE TABLE faq_drafts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    author_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    entry_id TEXT NOT NULL,
    based_on INTEGER NOT NULL DEFAULT 0,
    question_id INTEGER REFERENCES questions (id) ON DELETE SET NULL,
    content TEXT NOT NULL,
    changed_at TEXT NOT NULL
);

CREATE INDEX faq_drafts_by_author ON faq_drafts (author_id);

-- Questions that may be one more way to ask for an entry, until a manager says so or not. The words stand in the
-- question, and go with it.
CREATE TABLE faq_proposals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    entry_id TEXT NOT NULL REFERENCES faq_entries (id) ON DELETE CASCADE,
    question_id INTEGER NOT NULL UNIQUE REFERENCES questions (id) ON DELETE CASCADE,
    asker_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    why TEXT NOT NULL CHECK (why IN ('picked', 'not_helped')),
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'refused')),
    made_at TEXT NOT NULL
);

CREATE INDEX faq_proposals_open ON faq_proposals (entry_id) WHERE state = 'open';
CREATE INDEX faq_proposals_by_asker ON faq_proposals (asker_id);
