-- What the chain counts of each visit of a known customer in the last year, and which stores are told of it, each by a
-- number of its own that only rises. Visits whose events were folded before this table are not counted. No personal
-- data: the look-up key alone says that two visits are of one customer.
CREATE TABLE counted_return (
  case_id      BLOB PRIMARY KEY CHECK (length(case_id) = 16),
  node_id      BLOB NOT NULL CHECK (length(node_id) = 16),
  customer_key BLOB NOT NULL CHECK (length(customer_key) = 16),
  day          INTEGER NOT NULL,  -- business date, since 1970-01-01
  given_minor  INTEGER NOT NULL,  -- above 0: it gave something back
  no_receipt   INTEGER NOT NULL CHECK (no_receipt IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX counted_of_customer ON counted_return (customer_key, day);
CREATE INDEX counted_of_day ON counted_return (day);
CREATE TABLE counted_told (
  node_id BLOB NOT NULL CHECK (length(node_id) = 16),
  case_id BLOB NOT NULL CHECK (length(case_id) = 16),
  seq     INTEGER NOT NULL CHECK (seq > 0),
  PRIMARY KEY (node_id, case_id),
  UNIQUE (node_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX told_of_counted ON counted_told (case_id);
-- Rows of counted_told go after a year; the number does not go back with them.
CREATE TABLE counted_head (
  node_id BLOB PRIMARY KEY CHECK (length(node_id) = 16),
  seq     INTEGER NOT NULL CHECK (seq > 0)
) STRICT, WITHOUT ROWID;
