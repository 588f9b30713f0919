-- Founders' requests for a mentor. Topic and city are keys of the content pack (or "other" and "any"); the text is for
-- community managers only. Open ones stay until somebody ends them; all others are kept a year after what last
-- happened to them, as what else goes to the team is. One that is withdrawn loses its text at once: nobody else is
-- to read it. Goes with its founder. Ids are never used twice: buttons and cards outlive rows.
CREATE TABLE mentoring_requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    founder_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    chat_id INTEGER REFERENCES chats (id) ON DELETE SET NULL,
    language TEXT NOT NULL,
    topic TEXT NOT NULL,
    city TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'declined', 'withdrawn', 'closed')),
    round INTEGER NOT NULL DEFAULT 1,
    decided_by INTEGER REFERENCES persons (id) ON DELETE SET NULL,
    decided_at TEXT,
    decided_on TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL
);

CREATE INDEX mentoring_requests_waiting ON mentoring_requests (id) WHERE state IN ('open', 'accepted');
CREATE INDEX mentoring_requests_by_founder ON mentoring_requests (founder_id);

-- Who read a request's text, and when first. Go with the request, or with the reader.
CREATE TABLE mentoring_reads (
    request_id INTEGER NOT NULL REFERENCES mentoring_requests (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    read_at TEXT NOT NULL,
    PRIMARY KEY (request_id, person_id)
);

-- What founder and manager write each other after the acceptance. Kept 90 days, or until the request goes or is
-- withdrawn. The round says to which manager: the next one does not read it. Ids are never used twice: buttons carry
-- them.
CREATE TABLE mentoring_messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id INTEGER NOT NULL REFERENCES mentoring_requests (id) ON DELETE CASCADE,
    round INTEGER NOT NULL,
    person_id INTEGER REFERENCES persons (id) ON DELETE SET NULL,
    text TEXT NOT NULL,
    said_at TEXT NOT NULL
);

CREATE INDEX mentoring_messages_by_request ON mentoring_messages (request_id);
