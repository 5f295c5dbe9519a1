-- The catalogue: what exists. It holds ids, counts and settings; people's values are in the Parquet parts.
-- Rows made by a command that can be undone carry its operation in `op`.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE operations (              -- the history; undone_by: the undo that took it back
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, verb TEXT NOT NULL, detail TEXT NOT NULL, undone_by INTEGER
);

CREATE TABLE sources (name TEXT PRIMARY KEY, op INTEGER NOT NULL, first_imported TEXT NOT NULL);

CREATE TABLE registered (              -- what a list register says of a source; the last one counts
  op INTEGER NOT NULL, source TEXT NOT NULL, facts TEXT NOT NULL
);

CREATE TABLE snapshots (               -- rows: its records without the rejected
  id INTEGER PRIMARY KEY, op INTEGER NOT NULL, source TEXT NOT NULL, date TEXT NOT NULL, partial INTEGER NOT NULL,
  rows INTEGER NOT NULL
);

CREATE TABLE files (                   -- source: the file's own, where a column names others for some rows
  snapshot INTEGER NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL, source TEXT NOT NULL
);

CREATE TABLE parts (                   -- one table of one file in one snapshot
  snapshot INTEGER NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, records TEXT NOT NULL,
  read_issues TEXT NOT NULL, mapping TEXT NOT NULL, headers TEXT NOT NULL, sha256 TEXT NOT NULL, rows INTEGER NOT NULL,
  rejected INTEGER NOT NULL, structure_rows INTEGER NOT NULL, structure_cells INTEGER NOT NULL, facts TEXT NOT NULL
);

CREATE TABLE cleaned (                 -- what cleaning made of a records part; made again when the version changes
  records TEXT NOT NULL, mapping TEXT NOT NULL, version TEXT NOT NULL, chunk INTEGER NOT NULL, name TEXT NOT NULL,
  part TEXT NOT NULL, PRIMARY KEY (records, mapping, version, chunk, name)
);

CREATE TABLE links (                   -- a changed row without id of its own: decisions and master ids follow
  op INTEGER NOT NULL, old_record TEXT NOT NULL, new_record TEXT NOT NULL
);

CREATE TABLE runs (id INTEGER PRIMARY KEY, op INTEGER NOT NULL, at TEXT NOT NULL, model TEXT NOT NULL, outcome TEXT NOT NULL);

CREATE TABLE run_tables (run INTEGER NOT NULL, name TEXT NOT NULL, part TEXT NOT NULL, PRIMARY KEY (run, name));

CREATE TABLE decisions (               -- by contact key; the last one of a pair counts
  id INTEGER PRIMARY KEY, op INTEGER NOT NULL, at TEXT NOT NULL, left_key TEXT NOT NULL, right_key TEXT NOT NULL,
  verdict TEXT NOT NULL
);

CREATE TABLE refusals (                -- for ever: no undo, no shorter list removes one; address: a keyed hash
  channel TEXT NOT NULL, address TEXT NOT NULL, refusal TEXT NOT NULL, date TEXT NOT NULL, source TEXT NOT NULL,
  by_hand INTEGER NOT NULL, reason TEXT NOT NULL, op INTEGER NOT NULL,
  PRIMARY KEY (channel, address, refusal, date, source, by_hand)
) WITHOUT ROWID;
