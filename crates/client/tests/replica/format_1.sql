-- A cache of format 1, as the program wrote it before there was a replica.
PRAGMA journal_mode = WAL;
CREATE TABLE days (
    profile TEXT NOT NULL,
    sub TEXT NOT NULL,
    date TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (profile, sub, date)
) STRICT;
CREATE TABLE documents (
    profile TEXT NOT NULL,
    sub TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (profile, sub, name)
) STRICT;
INSERT INTO days VALUES ('local', 'sub-ada', '2026-11-23', '{"consumed":1300,"burned":0,"version":3,"weight":70.5,"activities":[{"id":"a","userid":"sub-ada","date":"2026-11-23","creationDateTime":"2026-11-23T07:30:00.123Z","category":"Food","type":"Lunch","name":null,"note":null,"quantity":null,"caloriesConsumed":650,"rev":1},{"id":"b","userid":"sub-ada","date":"2026-11-23","creationDateTime":"2026-11-23T08:30:00.000Z","category":"Food","type":"Lunch","name":"soup","note":null,"quantity":1.5,"caloriesConsumed":650,"rev":2}]}');
INSERT INTO days VALUES ('local', 'sub-eve', '2026-11-23', '{}');
INSERT INTO documents VALUES ('local', 'sub-ada', 'dated categories', '{"at":"2026-11-23T07:30:00Z","list":[{"name":"Food","types":["Lunch"]}]}');
PRAGMA user_version = 1;
