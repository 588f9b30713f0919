-- Chats we may write to, by their platform's id; a direct chat has the id of the person's account.
-- Kept while the chat exists; a direct chat goes with its person. Ids are never used twice: buttons and keys outlive
-- rows.
CREATE TABLE chats (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT NOT NULL,
    external_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('direct', 'group')),
    title TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'blocked', 'gone')),
    first_seen TEXT NOT NULL,
    UNIQUE (platform, external_id)
);

-- People, whichever chats they use. Kept until the person asks to be forgotten.
CREATE TABLE persons (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT '',
    language_chosen INTEGER NOT NULL DEFAULT 0,
    greeted INTEGER NOT NULL DEFAULT 0,
    first_seen TEXT NOT NULL
);

-- A person's account on a platform. Goes with the person.
CREATE TABLE accounts (
    platform TEXT NOT NULL,
    external_id TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    name TEXT NOT NULL DEFAULT '',
    handle TEXT NOT NULL DEFAULT '',
    trusted INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (platform, external_id)
);

CREATE INDEX accounts_by_person ON accounts (person_id);
CREATE INDEX accounts_by_handle ON accounts (platform, handle);

-- Who may do more than a member. Goes with the person.
CREATE TABLE roles (
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('manager', 'lead')),
    granted_by INTEGER REFERENCES persons (id) ON DELETE SET NULL,
    granted_at TEXT NOT NULL,
    PRIMARY KEY (person_id, role)
);

-- One-time codes that grant a role; only their hashes. Kept 7 days after their end.
CREATE TABLE codes (
    code_hash TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    created_by INTEGER REFERENCES persons (id) ON DELETE CASCADE,
    expires_at TEXT NOT NULL,
    used_by INTEGER REFERENCES persons (id) ON DELETE SET NULL
);

-- What a chat, or one of its threads, is for: managers, events, help. Kept until changed.
CREATE TABLE places (
    purpose TEXT NOT NULL,
    chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    thread TEXT NOT NULL DEFAULT '',
    set_by INTEGER REFERENCES persons (id) ON DELETE SET NULL,
    set_at TEXT NOT NULL,
    PRIMARY KEY (purpose, chat_id, thread)
);

-- What arrived already, and what was answered at once. Kept 48 hours.
-- No index by age: the clean-up reads the table once an hour, every message would pay for it.
CREATE TABLE deliveries (
    key TEXT PRIMARY KEY,
    received_at TEXT NOT NULL,
    answer TEXT NOT NULL DEFAULT '',
    reference TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;

-- Forms shown and not yet sent in, with the answers so far. Kept 2 days.
CREATE TABLE forms (
    instance TEXT PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    thread TEXT NOT NULL DEFAULT '',
    payload TEXT NOT NULL,
    answers TEXT NOT NULL DEFAULT '{}',
    step INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL CHECK (state IN ('offered', 'asking', 'done', 'cancelled')),
    created_at TEXT NOT NULL
);

-- At most one form at a time is asked in a chat, question by question.
CREATE UNIQUE INDEX forms_asking ON forms (chat_id, person_id) WHERE state = 'asking';
CREATE INDEX forms_by_age ON forms (created_at);

-- Messages on their way out. Texts are cleared 7 days after sending, rows after 30 days.
-- No index by state: what waits is read once, at start; every message would pay for it.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    thread TEXT NOT NULL DEFAULT '',
    audience TEXT NOT NULL DEFAULT '',
    reply_via TEXT NOT NULL DEFAULT '',
    edits TEXT NOT NULL DEFAULT '',
    lane INTEGER NOT NULL CHECK (lane BETWEEN 0 AND 2),
    payload TEXT NOT NULL,
    report TEXT NOT NULL DEFAULT '',
    broadcast TEXT NOT NULL DEFAULT '',
    not_before TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'pending'
        CHECK (state IN ('pending', 'sending', 'sent', 'failed', 'unknown', 'cancelled')),
    note TEXT NOT NULL DEFAULT '',
    ref TEXT NOT NULL DEFAULT '',
    ref_kind TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    started_at TEXT,
    sent_at TEXT
);

CREATE INDEX outbox_by_broadcast ON outbox (broadcast) WHERE broadcast <> '';

-- Messages that must stay true: the revision wanted and the one that people see. Go with their chat; 90 days.
CREATE TABLE posts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subject TEXT NOT NULL,
    view TEXT NOT NULL,
    chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    thread TEXT NOT NULL DEFAULT '',
    surface TEXT NOT NULL DEFAULT 'message' CHECK (surface IN ('message', 'home')),
    lane INTEGER NOT NULL CHECK (lane BETWEEN 0 AND 2),
    wanted INTEGER NOT NULL DEFAULT 1,
    sent INTEGER NOT NULL DEFAULT 0,
    sending INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'idle' CHECK (state IN ('idle', 'sending', 'unknown', 'failed', 'gone')),
    generation INTEGER NOT NULL DEFAULT 1,
    attempts INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT '',
    ref TEXT NOT NULL DEFAULT '',
    ref_kind TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    not_before TEXT NOT NULL,
    created_at TEXT NOT NULL,
    started_at TEXT,
    sent_at TEXT,
    UNIQUE (subject, view, chat_id, thread)
);

CREATE INDEX posts_untrue ON posts (id) WHERE sent < wanted AND state <> 'gone';
CREATE INDEX posts_by_chat ON posts (chat_id);

-- What is due, and when. A row goes once it was done; a parked one after 90 days.
CREATE TABLE timers (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    due_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'parked')),
    reason TEXT NOT NULL DEFAULT '',
    UNIQUE (kind, subject)
);

CREATE INDEX timers_due ON timers (due_at) WHERE state = 'waiting';

-- Single values: stop switches, when the bot was last alive. No personal data; kept.
CREATE TABLE switches (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
