-- What the team tells its chats. A draft nobody sent, and one that was discarded, is kept 14 days; a notice goes with
-- its text a year after it was sent, and with it the list of where it stands (posts). Nobody's name is kept in it:
-- who wrote it and who decided are forgotten with the person. audience: all, a platform's name, or chat:<id>; told: how
-- far it had come when its card was last brought up to date. Ids are never used twice: buttons and cards outlive rows.
CREATE TABLE notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    author_id INTEGER REFERENCES persons (id) ON DELETE SET NULL,
    text TEXT NOT NULL,
    audience TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'discarded', 'out', 'stopped', 'withdrawn')),
    revision INTEGER NOT NULL DEFAULT 1,
    decided_by INTEGER REFERENCES persons (id) ON DELETE SET NULL,
    told TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    sent_at TEXT,
    corrected_at TEXT
);
