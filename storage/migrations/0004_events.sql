-- Events: drafts that only managers see, published ones, cancelled ones. A draft is kept 14 days after its last
-- change, the others 2 years after they began. was_*: day, time and place before they last changed after publishing.
-- Ids are never used twice: buttons, posts and calendars outlive rows.
CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    starts_at TEXT NOT NULL,
    ends_at TEXT,
    place TEXT NOT NULL,
    text TEXT NOT NULL DEFAULT '',
    seats INTEGER CHECK (seats BETWEEN 1 AND 10000),
    state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published', 'cancelled')),
    revision INTEGER NOT NULL DEFAULT 0,
    was_starts_at TEXT,
    was_ends_at TEXT,
    was_place TEXT,
    created_by INTEGER REFERENCES persons (id) ON DELETE SET NULL,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL
);

CREATE INDEX events_published ON events (starts_at) WHERE state = 'published';

-- Who comes to an event (going) and who said they can't. Goes with the person; kept 90 days after the event.
CREATE TABLE event_answers (
    event_id INTEGER NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    going INTEGER NOT NULL,
    answered_at TEXT NOT NULL,
    PRIMARY KEY (event_id, person_id)
);

CREATE INDEX event_answers_by_person ON event_answers (person_id);

-- The subscribed chats that an event is left out of; it goes to all others. Goes with the event.
CREATE TABLE event_places (
    event_id INTEGER NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    thread TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (event_id, chat_id, thread)
);

CREATE INDEX event_places_by_chat ON event_places (chat_id);
