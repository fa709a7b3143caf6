-- Customers start returns before they come. What they announced and how far it is, so that a person finds what waits and
-- a till finds what was promised; and which stores are told of it, each by a number of its own that only rises.
CREATE TABLE started_return (
  started_id    BLOB PRIMARY KEY CHECK (length(started_id) = 16),
  code          TEXT NOT NULL UNIQUE,
  order_id      BLOB NOT NULL CHECK (length(order_id) = 16),
  state         INTEGER NOT NULL CHECK (state BETWEEN 1 AND 5),
  vip           INTEGER NOT NULL CHECK (vip IN (0, 1)),
  decide_by_ms  INTEGER NOT NULL CHECK (decide_by_ms >= 0),   -- 0: nothing was promised
  decided_at_ms INTEGER NOT NULL CHECK (decided_at_ms >= 0),  -- 0: it waits
  decided_by    TEXT NOT NULL,                                -- staff code; empty: the rules, or nobody yet
  body          BLOB NOT NULL                                 -- the event return_started
) STRICT;
CREATE INDEX started_of_order ON started_return (order_id) WHERE state <= 2;
CREATE INDEX started_waiting ON started_return (vip DESC, decide_by_ms, started_id) WHERE state = 1;
CREATE INDEX started_promised ON started_return (decide_by_ms) WHERE decide_by_ms > 0;
CREATE TABLE started_told (
  node_id    BLOB NOT NULL CHECK (length(node_id) = 16),
  started_id BLOB NOT NULL CHECK (length(started_id) = 16),
  seq        INTEGER NOT NULL CHECK (seq > 0),
  PRIMARY KEY (node_id, started_id),
  UNIQUE (node_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX told_of_started ON started_told (started_id);
