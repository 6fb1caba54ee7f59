-- A replica of format 2, with one search index for all users.
PRAGMA journal_mode = WAL;
CREATE TABLE owners (
    owner INTEGER PRIMARY KEY,
    profile TEXT NOT NULL,
    sub TEXT NOT NULL,
    older_listed INTEGER,
    UNIQUE (profile, sub)
) STRICT;
CREATE TABLE documents (
    owner INTEGER NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (owner, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE entries (
    entry INTEGER PRIMARY KEY,
    owner INTEGER NOT NULL,
    id TEXT NOT NULL,
    date TEXT NOT NULL,
    moment INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    heard INTEGER,
    name TEXT,
    body TEXT NOT NULL,
    UNIQUE (owner, id)
) STRICT;
CREATE INDEX entries_of_a_day ON entries (owner, date, moment, id);
CREATE INDEX entries_of_a_name ON entries (owner, name, moment) WHERE name IS NOT NULL;
CREATE TABLE removals (
    owner INTEGER NOT NULL,
    id TEXT NOT NULL,
    heard INTEGER NOT NULL,
    PRIMARY KEY (owner, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE days (
    owner INTEGER NOT NULL,
    date TEXT NOT NULL,
    version INTEGER,
    consumed INTEGER NOT NULL,
    burned INTEGER NOT NULL,
    weight REAL,
    protein INTEGER,
    fat INTEGER,
    carbohydrate INTEGER,
    entries INTEGER,
    digest INTEGER,
    heard INTEGER,
    copy_entries INTEGER NOT NULL,
    copy_digest INTEGER NOT NULL,
    listed INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    unverified INTEGER,
    settled INTEGER NOT NULL,
    PRIMARY KEY (owner, date)
) STRICT, WITHOUT ROWID;
CREATE INDEX days_to_settle ON days (owner, date) WHERE settled = 0;
CREATE TABLE names (
    owner INTEGER NOT NULL,
    name TEXT NOT NULL,
    uses INTEGER NOT NULL,
    last INTEGER NOT NULL,
    counts BLOB NOT NULL,
    PRIMARY KEY (owner, name)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE search USING fts5 (
    name, note, type,
    content = '', contentless_delete = 1, prefix = '1 2 3',
    tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mc Mn'"
);
INSERT INTO owners VALUES (1, 'local', 'sub-ada', NULL);
INSERT INTO entries VALUES (29416144898015232, 1, 'a', '2026-11-23', 1795419000123, 1, NULL, NULL, '{"date": "2026-11-23", "creationDateTime": "2026-11-23T07:30:00.123Z", "category": "Food", "type": "Lunch", "caloriesConsumed": 650}');
INSERT INTO search (rowid, name, note, type) VALUES (29416144898015232, NULL, NULL, 'Lunch');
INSERT INTO entries VALUES (29416203878400000, 1, 'b', '2026-11-23', 1795422600000, 1, NULL, 'soup', '{"date": "2026-11-23", "creationDateTime": "2026-11-23T08:30:00.000Z", "category": "Food", "type": "Lunch", "caloriesConsumed": 650, "name": "soup", "note": "with zucchini"}');
INSERT INTO search (rowid, name, note, type) VALUES (29416203878400000, 'soup', 'with zucchini', 'Lunch');
INSERT INTO days VALUES (1, '2026-11-23', 3, 1300, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 2, 7, 1, 0, 3, 1);
INSERT INTO owners VALUES (2, 'local', 'sub-eve', NULL);
INSERT INTO entries VALUES (29416262860800000, 2, 'a', '2026-11-23', 1795426200000, 1, NULL, 'soup', '{"date": "2026-11-23", "creationDateTime": "2026-11-23T09:30:00.000Z", "category": "Food", "type": "Lunch", "caloriesConsumed": 650, "name": "soup"}');
INSERT INTO search (rowid, name, note, type) VALUES (29416262860800000, 'soup', NULL, 'Lunch');
INSERT INTO days VALUES (2, '2026-11-23', 3, 650, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, 7, 1, 0, 3, 1);
PRAGMA user_version = 2;
