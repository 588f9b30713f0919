-- Companies and start-ups that people here belong to: each once, whoever of it comes. folded: the name as it is
-- compared. founded: a year, 0 where nobody said. size, city, sector: keys, empty where nobody said. One without members
-- keeps its name a year (emptied_at), to be found again by whoever comes back; then, or at once when the last member's
-- data are deleted, it is kept without a name, as an enterprise in the figures. Ids are never used twice: buttons
-- carry them.
CREATE TABLE companies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    founded INTEGER NOT NULL DEFAULT 0,
    size TEXT NOT NULL DEFAULT '',
    city TEXT NOT NULL DEFAULT '',
    sector TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    emptied_at TEXT
);

-- Who belongs to which company: a person to one at most. What they do from the day counts_from on counts as their
-- company's; empty: all they ever did. Goes with the person, or when they leave.
CREATE TABLE company_members (
    person_id INTEGER PRIMARY KEY REFERENCES persons (id) ON DELETE CASCADE,
    company_id INTEGER NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    since TEXT NOT NULL,
    counts_from TEXT NOT NULL DEFAULT ''
);

CREATE INDEX company_members_by_company ON company_members (company_id);

-- Who says they belong to a company that is known: offered to them, then asked of its members (open) until one of them,
-- or a manager, has decided. What they said of the company goes along, should it be another one after all. Kept 90 days
-- after what last happened; goes with the person.
CREATE TABLE company_joins (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    company_id INTEGER REFERENCES companies (id) ON DELETE SET NULL,
    name TEXT NOT NULL,
    founded INTEGER NOT NULL DEFAULT 0,
    size TEXT NOT NULL DEFAULT '',
    city TEXT NOT NULL DEFAULT '',
    sector TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT 'offered'
        CHECK (state IN ('offered', 'open', 'confirmed', 'declined', 'withdrawn')),
    changed_at TEXT NOT NULL,
    decided_by INTEGER REFERENCES persons (id) ON DELETE SET NULL
);

-- A person waits for one company at a time.
CREATE UNIQUE INDEX company_joins_open ON company_joins (person_id) WHERE state = 'open';
CREATE INDEX company_joins_by_company ON company_joins (company_id);

-- When somebody was asked for their company, and what they said: nothing yet, none, or not now; and when they left one.
-- Goes with the person.
CREATE TABLE company_answers (
    person_id INTEGER PRIMARY KEY REFERENCES persons (id) ON DELETE CASCADE,
    asked_at TEXT NOT NULL,
    answer TEXT NOT NULL DEFAULT '' CHECK (answer IN ('', 'none', 'later')),
    left_on TEXT NOT NULL DEFAULT ''
);

-- In which months an enterprise used what: a desk, a mentor, an event. Nobody's name; kept for reports.
CREATE TABLE company_uses (
    company_id INTEGER NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('desks', 'mentoring', 'events')),
    month TEXT NOT NULL,
    PRIMARY KEY (company_id, kind, month)
);
