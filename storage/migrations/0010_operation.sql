-- What is amiss with the bot itself, such as a chat gone quiet. No personal data; kept until it is over.
CREATE TABLE troubles (
    kind TEXT PRIMARY KEY,
    since TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '',
    told INTEGER NOT NULL DEFAULT 0
);
