-- What somebody was told about their data, agreed to or objected to: when, and which version of the text. Goes with
-- the person.
CREATE TABLE consents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    what TEXT NOT NULL CHECK (what IN ('told', 'read', 'copied', 'objected', 'agreed')),
    text_version TEXT NOT NULL,
    at TEXT NOT NULL
);

CREATE INDEX consents_by_person ON consents (person_id, what);

-- Who objected: no unasked messages, no name in lists. Goes with the person, or when they take it back.
CREATE TABLE objections (
    person_id INTEGER PRIMARY KEY REFERENCES persons (id) ON DELETE CASCADE,
    since TEXT NOT NULL
);

-- Accounts whose person was deleted, so that a restored backup forgets them again; no name, no id, only a slow hash.
-- evidence: what was to stay for auditors, and for how many years, as JSON. Kept 2 years: longer than any backup.
CREATE TABLE tombstones (
    account_hash TEXT PRIMARY KEY,
    salt TEXT NOT NULL,
    erased_at TEXT NOT NULL,
    evidence TEXT NOT NULL DEFAULT '{}'
);

-- What a grant needs as evidence, of people who were deleted: read by the auditors' command alone. Kept as long as the
-- hub says (hub.toml), at most until kept_until.
CREATE TABLE restricted_records (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    evidence TEXT NOT NULL,
    person_name TEXT NOT NULL,
    record TEXT NOT NULL,
    restricted_at TEXT NOT NULL,
    kept_until TEXT NOT NULL
);

-- What stays of deleted rows: how many of what in which month; nobody's name. Kept.
CREATE TABLE figures (
    name TEXT NOT NULL,
    month TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (name, month)
);

-- How many rows the clean-up removed, by day and rule. Kept a year.
CREATE TABLE removals (
    day TEXT NOT NULL,
    what TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (day, what)
);

-- Whose answer it was; a number alone, so that the key outlives the person.
ALTER TABLE deliveries ADD COLUMN person_id INTEGER;
