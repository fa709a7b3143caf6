-- Beside the journal, not folded: returns that customers have started and that may come to this store, as the hub told
-- of them. The cursor is the number of the last one; without both, everything is told again.
CREATE TABLE started_return (
  started_id  BLOB PRIMARY KEY CHECK (length(started_id) = 16),
  code        TEXT NOT NULL UNIQUE,
  order_id    BLOB NOT NULL CHECK (length(order_id) = 16),
  approved    INTEGER NOT NULL CHECK (approved IN (0, 1)),
  approved_by TEXT NOT NULL,  -- staff code; empty: the rules
  body        BLOB NOT NULL   -- the event return_started
) STRICT, WITHOUT ROWID;
CREATE INDEX started_of_order ON started_return (order_id);
CREATE TABLE started_lane (
  one      INTEGER PRIMARY KEY CHECK (one = 1),
  last_seq INTEGER NOT NULL CHECK (last_seq >= 0)
) STRICT;
