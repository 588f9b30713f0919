-- Who may do more than a member, project managers too. Goes with the person, and when their last account leaves.
CREATE TABLE roles_with_project (
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('project', 'manager', 'lead')),
    granted_by INTEGER REFERENCES persons (id) ON DELETE SET NULL,
    granted_at TEXT NOT NULL,
    PRIMARY KEY (person_id, role)
);

INSERT INTO roles_with_project SELECT person_id, role, granted_by, granted_at FROM roles;
DROP TABLE roles;
ALTER TABLE roles_with_project RENAME TO roles;

-- What a manager looks after: cities of camps and their sectors, as keys of the content pack. Nobody's: everything.
-- Goes with the role.
CREATE TABLE role_scopes (
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('city', 'topic')),
    key TEXT NOT NULL,
    PRIMARY KEY (person_id, kind, key)
);

-- A guest of the workspace holds no role, whatever else they use; an account that left is nobody's way in any more.
ALTER TABLE accounts ADD COLUMN guest INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN left_at TEXT;

-- Who did what to whom in the team's name, and who was refused what. Kept as long as the hub says ([people]
-- audit_days, else two years); names go with the persons. A refusal that repeats within an hour is counted.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    actor_id INTEGER REFERENCES persons (id) ON DELETE SET NULL,
    person_id INTEGER REFERENCES persons (id) ON DELETE SET NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '',
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
    times INTEGER NOT NULL DEFAULT 1
);

CREATE INDEX audit_by_actor ON audit (actor_id, at);
CREATE INDEX audit_by_person ON audit (person_id);
CREATE INDEX audit_by_age ON audit (at);

-- Whom a lead has blocked, why, and what they said against it, once. Kept while it holds, and 90 days after it was
-- lifted. Goes with its person. Ids are never used twice: buttons and cards outlive rows.
CREATE TABLE blocks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    blocked_by INTEGER REFERENCES persons (id) ON DELETE SET NULL,
    blocked_at TEXT NOT NULL,
    told INTEGER NOT NULL DEFAULT 0,
    appeal TEXT NOT NULL DEFAULT '',
    appealed_at TEXT,
    decided_by INTEGER REFERENCES persons (id) ON DELETE SET NULL,
    decided_at TEXT,
    lifted_at TEXT
);

CREATE UNIQUE INDEX blocks_by_person ON blocks (person_id) WHERE lifted_at IS NULL;

-- Who left, and what became of what they held: the card that the team gets. Kept 90 days; the name goes with the
-- person.
CREATE TABLE departures (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER REFERENCES persons (id) ON DELETE SET NULL,
    platform TEXT NOT NULL,
    left_at TEXT NOT NULL,
    roles TEXT NOT NULL DEFAULT '',
    freed TEXT NOT NULL DEFAULT '{}'
);
