-- Accounts whose person was deleted while a lead had them blocked, so that deleting lifts no block: no name, no reason,
-- only a slow hash. block_id: the block's number, one for all accounts of the person. appealed: they have said what
-- they had to say against it. Kept until a lead lifts it or the account is back (then it stands in blocks), at most 2
-- years.
CREATE TABLE kept_blocks (
    account_hash TEXT PRIMARY KEY,
    salt TEXT NOT NULL,
    block_id INTEGER NOT NULL,
    blocked_at TEXT NOT NULL,
    appealed INTEGER NOT NULL,
    kept_since TEXT NOT NULL
);

-- The day on which somebody was last here, no time; and when they were told that they will be forgotten.
ALTER TABLE persons ADD COLUMN seen_on TEXT NOT NULL DEFAULT '';
ALTER TABLE persons ADD COLUMN absence_told_on TEXT;
UPDATE persons SET seen_on = strftime('%Y-%m-%d', 'now');
