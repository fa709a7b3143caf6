-- Beside the journal, not folded: returns that this store's customers made at other stores in the last year, as the hub
-- told of them, so that counts are of the chain. The cursor is the number of the last one; without both, everything is
-- told again. No personal data: the look-up key alone.
CREATE TABLE return_elsewhere (
  case_id      BLOB PRIMARY KEY CHECK (length(case_id) = 16),
  node_id      BLOB NOT NULL CHECK (length(node_id) = 16),
  customer_key BLOB NOT NULL CHECK (length(customer_key) = 16),
  day          INTEGER NOT NULL,  -- business date there, since 1970-01-01
  given_back   INTEGER NOT NULL CHECK (given_back IN (0, 1)),
  no_receipt   INTEGER NOT NULL CHECK (no_receipt IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX elsewhere_of_customer ON return_elsewhere (customer_key, day);
CREATE INDEX elsewhere_of_day ON return_elsewhere (day);
CREATE TABLE counted_lane (
  one      INTEGER PRIMARY KEY CHECK (one = 1),
  last_seq INTEGER NOT NULL CHECK (last_seq >= 0)
) STRICT;
