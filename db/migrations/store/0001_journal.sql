-- The journal of one node, what is folded from it, and what stands beside it.
-- Why the event table is keyed by seq alone: a file holds one journal, appends then go to the end of one b-tree, and a
-- commit touches as few pages as it can. node_id and epoch stand in each row because the hash covers them.

CREATE TABLE journal (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  node_id BLOB NOT NULL CHECK (length(node_id) = 16),
  epoch   INTEGER NOT NULL CHECK (epoch >= 0)
) STRICT;

CREATE TABLE event (
  seq            INTEGER PRIMARY KEY CHECK (seq > 0),
  node_id        BLOB NOT NULL CHECK (length(node_id) = 16),
  epoch          INTEGER NOT NULL CHECK (epoch >= 0),
  hlc            INTEGER NOT NULL CHECK (hlc >= 0),
  return_case_id BLOB CHECK (length(return_case_id) = 16),
  command_id     BLOB NOT NULL CHECK (length(command_id) = 16),
  command_part   INTEGER NOT NULL CHECK (command_part >= 0),
  kind           TEXT NOT NULL,
  kind_version   INTEGER NOT NULL CHECK (kind_version > 0),
  prev_hash      BLOB NOT NULL CHECK (length(prev_hash) = 32),
  hash           BLOB NOT NULL CHECK (length(hash) = 32),
  body           BLOB NOT NULL,  -- last: a long one continues on pages of its own
  UNIQUE (command_id, command_part)
) STRICT;

CREATE INDEX event_of_case ON event (return_case_id) WHERE return_case_id IS NOT NULL;

CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN
  SELECT RAISE(ABORT, 'events are never changed; a correction is another event');
END;
CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event
BEGIN
  SELECT RAISE(ABORT, 'events are never removed');
END;

-- Beside the journal: not folded from events, not in the canonical dump.

-- The last head the hub has countersigned: what lies before it cannot be cut off unnoticed.
CREATE TABLE sync_state (
  one              INTEGER PRIMARY KEY CHECK (one = 1),
  acked_seq        INTEGER NOT NULL CHECK (acked_seq >= 0),
  acked_hash       BLOB NOT NULL CHECK (length(acked_hash) = 32),
  hub_epoch        INTEGER NOT NULL CHECK (hub_epoch >= 0),
  countersignature BLOB NOT NULL
) STRICT;

-- Stretches of the journal that were written while the machine's clock stood behind the journal's own time.
CREATE TABLE clock_flag (
  first_seq     INTEGER PRIMARY KEY,
  last_seq      INTEGER NOT NULL,
  behind_ms_max INTEGER NOT NULL CHECK (behind_ms_max > 0)
) STRICT;

-- Who a subject is, as far as a store may know: deleting a row makes its events anonymous.
CREATE TABLE subject (
  subject_id   BLOB PRIMARY KEY CHECK (length(subject_id) = 16),
  customer_key BLOB NOT NULL CHECK (length(customer_key) = 16)
) STRICT, WITHOUT ROWID;
CREATE INDEX subject_of_customer ON subject (customer_key);

-- Look-up keys of the store's own sales; absent: the sale named nobody.
CREATE TABLE sale_key (
  order_id     BLOB PRIMARY KEY CHECK (length(order_id) = 16),
  customer_key BLOB CHECK (length(customer_key) = 16),
  card_key     BLOB CHECK (length(card_key) = 16)
) STRICT, WITHOUT ROWID;
CREATE INDEX sale_of_customer ON sale_key (customer_key) WHERE customer_key IS NOT NULL;
CREATE INDEX sale_of_card ON sale_key (card_key) WHERE card_key IS NOT NULL;

-- Referrals of which the hub has said that they take longer: the customer need not wait.
CREATE TABLE referral_pending (
  referral_id BLOB PRIMARY KEY CHECK (length(referral_id) = 16)
) STRICT, WITHOUT ROWID;

-- Projections: folded from the events, in the transaction that appends them; dropped and folded again by `rebuild`.
-- They are narrow on purpose, and those of open things hold only open things: a commit touches few pages.

-- What this node may claim: one row an order, its ranges packed (db/projections/ranges.hpp).
CREATE TABLE held_right (
  order_id BLOB PRIMARY KEY CHECK (length(order_id) = 16),
  ranges   BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE claim (
  order_id   BLOB NOT NULL CHECK (length(order_id) = 16),
  line_no    INTEGER NOT NULL,
  first_unit INTEGER NOT NULL CHECK (first_unit >= 0),
  unit_count INTEGER NOT NULL CHECK (unit_count > 0),
  case_id    BLOB NOT NULL CHECK (length(case_id) = 16),
  assurance  INTEGER NOT NULL CHECK (assurance BETWEEN 1 AND 4),
  PRIMARY KEY (order_id, line_no, first_unit)
) STRICT, WITHOUT ROWID;

CREATE TABLE return_case (
  case_id       BLOB PRIMARY KEY CHECK (length(case_id) = 16),
  opened_seq    INTEGER NOT NULL,
  business_date INTEGER NOT NULL,  -- days since 1970-01-01
  opened_at_ms  INTEGER NOT NULL,
  till          TEXT NOT NULL,
  reference     TEXT NOT NULL,
  closed        INTEGER NOT NULL CHECK (closed IN (0, 1)),
  lines         INTEGER NOT NULL CHECK (lines >= 0),
  lines_waiting INTEGER NOT NULL CHECK (lines_waiting >= 0)  -- referred or deferred
) STRICT, WITHOUT ROWID;

-- Legs whose money has not arrived; a leg that settles leaves.
CREATE TABLE refund_leg (
  case_id    BLOB NOT NULL CHECK (length(case_id) = 16),
  leg_id     BLOB NOT NULL CHECK (length(leg_id) = 16),
  plan_no    INTEGER NOT NULL,
  leg_no     INTEGER NOT NULL,
  tender     INTEGER NOT NULL CHECK (tender BETWEEN 1 AND 7),
  pays_minor INTEGER NOT NULL CHECK (pays_minor > 0),
  currency   TEXT NOT NULL,
  state      INTEGER NOT NULL CHECK (state BETWEEN 1 AND 6),  -- LegState
  PRIMARY KEY (case_id, leg_id)
) STRICT, WITHOUT ROWID;

-- Questions to the hub that have no final answer in the case yet; a settled one leaves.
CREATE TABLE referral (
  referral_id  BLOB PRIMARY KEY CHECK (length(referral_id) = 16),
  case_id      BLOB NOT NULL CHECK (length(case_id) = 16),
  line_no      INTEGER NOT NULL,
  subject_id   BLOB CHECK (length(subject_id) = 16),
  sku          TEXT NOT NULL,
  asked_at_ms  INTEGER NOT NULL,
  asked_seq    INTEGER NOT NULL,
  deferred     INTEGER NOT NULL CHECK (deferred IN (0, 1)),
  answered_seq INTEGER  -- of the referral_answered event
) STRICT, WITHOUT ROWID;

-- Moves of rights that this journal has seen, each at most once: grants received, releases made, recalls answered.
CREATE TABLE transfer_applied (
  transfer_id BLOB PRIMARY KEY CHECK (length(transfer_id) = 16),
  seq         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE stock_level (
  sku      TEXT NOT NULL,
  bucket   INTEGER NOT NULL CHECK (bucket BETWEEN 1 AND 7),
  quantity INTEGER NOT NULL,
  PRIMARY KEY (sku, bucket)
) STRICT, WITHOUT ROWID;

-- The store's own sales; the evidence is read from the event.
CREATE TABLE sale (
  order_id   BLOB PRIMARY KEY CHECK (length(order_id) = 16),
  number     TEXT NOT NULL,
  sold_at_ms INTEGER NOT NULL,
  seq        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sale_of_number ON sale (number);
