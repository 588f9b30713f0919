-- Who has which desk on which day, and what was given back. Kept 90 days after the day. Goes with its person.
-- Ids are never used twice: buttons and calendar entries outlive rows.
CREATE TABLE desk_bookings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    desk TEXT NOT NULL,
    day TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'cancelled')),
    changed_at TEXT NOT NULL
);

-- A desk is held by one person a day, and a person holds one desk a day, whatever the code above may think.
CREATE UNIQUE INDEX desk_bookings_by_desk ON desk_bookings (day, desk) WHERE state = 'held';
CREATE UNIQUE INDEX desk_bookings_by_holder ON desk_bookings (person_id, day) WHERE state = 'held';

-- For the desk that somebody had last.
CREATE INDEX desk_bookings_by_person ON desk_bookings (person_id, id);
