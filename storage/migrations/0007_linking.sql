-- Who asked to have two accounts linked: a link or a code was handed out to the account (platform, account), to be
-- opened on to_platform; opened_by is the account there that did so first, and nobody else may from then on. Of the
-- secret only its hash. Kept a day after its end. Goes with the account that asked. Ids are never used twice: buttons
-- carry them.
CREATE TABLE link_requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    secret_hash TEXT NOT NULL UNIQUE,
    platform TEXT NOT NULL,
    account TEXT NOT NULL,
    to_platform TEXT NOT NULL,
    opened_by TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'opened', 'done', 'refused', 'replaced')),
    expires_at TEXT NOT NULL,
    FOREIGN KEY (platform, account) REFERENCES accounts (platform, external_id) ON DELETE CASCADE
);

CREATE INDEX link_requests_by_account ON link_requests (platform, account);

-- Since when an account has been linked to its person; NULL for the one that the person began with, by which
-- everything stays if they part.
ALTER TABLE accounts ADD COLUMN linked_at TEXT;

-- A person has one account a platform, whatever the code above may think.
CREATE UNIQUE INDEX accounts_one_a_platform ON accounts (person_id, platform);
DROP INDEX accounts_by_person;

-- What a person has set; without a row all is as at the start. preferred: the platform where notices go; empty: none
-- chosen. quiet_from and quiet_until: HH:MM at the hub, both empty for never. listed: named in "who is coming".
-- Goes with its person.
CREATE TABLE settings (
    person_id INTEGER PRIMARY KEY REFERENCES persons (id) ON DELETE CASCADE,
    preferred TEXT NOT NULL DEFAULT '',
    quiet_from TEXT NOT NULL DEFAULT '',
    quiet_until TEXT NOT NULL DEFAULT '',
    listed INTEGER NOT NULL DEFAULT 1
);

-- Kinds of notices that a person does not want. Goes with its person.
CREATE TABLE muted_kinds (
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    PRIMARY KEY (person_id, kind)
);

-- Wrong codes count for the account as well, which may leave its person.
ALTER TABLE code_attempts ADD COLUMN platform TEXT NOT NULL DEFAULT '';
ALTER TABLE code_attempts ADD COLUMN account TEXT NOT NULL DEFAULT '';
CREATE INDEX code_attempts_by_account ON code_attempts (platform, account, tried_at);

-- Whom a notice is for, wherever they read it: if it can't arrive in one chat, it goes to the other. Goes with the person.
ALTER TABLE outbox ADD COLUMN person_id INTEGER REFERENCES persons (id) ON DELETE CASCADE;
