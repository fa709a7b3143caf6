-- The hub: orders with their rights, everybody's journals, and what is folded from them.
-- Every primary key starts with its distribution key (order_id or node_id); no serial ids, no cross-group foreign keys:
-- design §7. Ids of 16 bytes are stored as such; hashes as 32.

CREATE TABLE hub (
  one           INTEGER PRIMARY KEY CHECK (one = 1),
  node_id       BLOB NOT NULL CHECK (length(node_id) = 16),  -- of the hub's own journal
  journal_epoch INTEGER NOT NULL CHECK (journal_epoch > 0),
  hub_epoch     INTEGER NOT NULL CHECK (hub_epoch > 0),      -- rises with every start of another copy
  decisions     INTEGER NOT NULL CHECK (decisions >= 0)      -- referrals decided so far: the settling order
) STRICT;

-- The hub's own journal; the same table as a node's.
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
  body           BLOB NOT NULL,
  UNIQUE (command_id, command_part)
) STRICT;
CREATE INDEX event_of_case ON event (return_case_id) WHERE return_case_id IS NOT NULL;
CREATE TABLE clock_flag (
  first_seq     INTEGER PRIMARY KEY,
  last_seq      INTEGER NOT NULL,
  behind_ms_max INTEGER NOT NULL CHECK (behind_ms_max > 0)
) STRICT;
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN
  SELECT RAISE(ABORT, 'events are never changed; a correction is another event');
END;
CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event
BEGIN
  SELECT RAISE(ABORT, 'events are never removed');
END;

-- Nodes and their journals ---------------------------------------------------------------------------------------
CREATE TABLE node (
  node_id         BLOB PRIMARY KEY CHECK (length(node_id) = 16),
  name            TEXT NOT NULL UNIQUE,
  catchment       INTEGER NOT NULL UNIQUE CHECK (catchment > 0),  -- the orders whose home this node is
  certificate_pem TEXT NOT NULL,       -- empty: invited, not enrolled yet
  serial          TEXT NOT NULL,       -- of the one certificate that is allowed
  revoked         INTEGER NOT NULL CHECK (revoked IN (0, 1)),
  epoch           INTEGER NOT NULL CHECK (epoch >= 0),
  journal_seq     INTEGER NOT NULL CHECK (journal_seq >= 0),
  journal_hash    BLOB NOT NULL CHECK (length(journal_hash) = 32),
  journal_hlc     INTEGER NOT NULL CHECK (journal_hlc >= 0),
  node_seq        INTEGER NOT NULL CHECK (node_seq >= 0),  -- the node's own head as it last said
  granted_seq     INTEGER NOT NULL CHECK (granted_seq >= 0),  -- of its catchment's feed: rights were placed up to here
  last_contact_ms INTEGER NOT NULL,
  clock_skew_ms   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE enrol_token (
  node_id     BLOB PRIMARY KEY CHECK (length(node_id) = 16),
  secret_hash BLOB NOT NULL UNIQUE CHECK (length(secret_hash) = 32)
) STRICT, WITHOUT ROWID;

CREATE TABLE node_event (
  node_id        BLOB NOT NULL CHECK (length(node_id) = 16),
  epoch          INTEGER NOT NULL CHECK (epoch >= 0),
  seq            INTEGER NOT NULL CHECK (seq > 0),
  hlc            INTEGER NOT NULL CHECK (hlc >= 0),
  return_case_id BLOB CHECK (length(return_case_id) = 16),
  command_id     BLOB NOT NULL CHECK (length(command_id) = 16),
  command_part   INTEGER NOT NULL CHECK (command_part >= 0),
  kind           TEXT NOT NULL,
  kind_version   INTEGER NOT NULL CHECK (kind_version > 0),
  hash           BLOB NOT NULL CHECK (length(hash) = 32),
  body           BLOB NOT NULL,
  PRIMARY KEY (node_id, epoch, seq)
) STRICT, WITHOUT ROWID;

-- What contradicts the hub's own knowledge: shown, never silently dropped.
CREATE TABLE anomaly (
  node_id BLOB NOT NULL CHECK (length(node_id) = 16),
  epoch   INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  part    INTEGER NOT NULL,
  detail  TEXT NOT NULL,
  PRIMARY KEY (node_id, epoch, seq, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE stock_level (
  node_id  BLOB NOT NULL CHECK (length(node_id) = 16),
  sku      TEXT NOT NULL,
  bucket   INTEGER NOT NULL CHECK (bucket BETWEEN 1 AND 7),
  quantity INTEGER NOT NULL,
  PRIMARY KEY (node_id, sku, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE refunded (
  node_id  BLOB NOT NULL CHECK (length(node_id) = 16),
  currency TEXT NOT NULL,
  minor    INTEGER NOT NULL CHECK (minor >= 0),
  PRIMARY KEY (node_id, currency)
) STRICT, WITHOUT ROWID;

-- Messages to nodes that their journals have not acknowledged yet. lane: 1 grant, 2 recall, 3 decision.
CREATE TABLE outgoing (
  node_id    BLOB NOT NULL CHECK (length(node_id) = 16),
  lane       INTEGER NOT NULL CHECK (lane BETWEEN 1 AND 3),
  message_id BLOB NOT NULL CHECK (length(message_id) = 16),
  body       BLOB NOT NULL,
  PRIMARY KEY (node_id, lane, message_id)
) STRICT, WITHOUT ROWID;

-- Orders and their rights ----------------------------------------------------------------------------------------
CREATE TABLE order_record (
  order_id     BLOB PRIMARY KEY CHECK (length(order_id) = 16),
  version      INTEGER NOT NULL CHECK (version > 0),
  number       TEXT NOT NULL,
  catchment    INTEGER NOT NULL CHECK (catchment >= 0),
  feed_seq     INTEGER NOT NULL CHECK (feed_seq > 0),
  day          INTEGER NOT NULL,  -- of the sale, since 1970-01-01: partition (catchment, day)
  customer_key BLOB CHECK (length(customer_key) = 16),
  card_key     BLOB CHECK (length(card_key) = 16),
  evidence     BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX order_feed ON order_record (catchment, feed_seq);
CREATE INDEX order_of_customer ON order_record (customer_key) WHERE customer_key IS NOT NULL;

CREATE TABLE order_right (
  order_id BLOB PRIMARY KEY CHECK (length(order_id) = 16),
  ranges   BLOB NOT NULL  -- sync/hub/rights_codec.hpp
) STRICT, WITHOUT ROWID;

-- Orders that came with other content under a known id, or whose money does not divide.
CREATE TABLE order_quarantine (
  order_id      BLOB NOT NULL CHECK (length(order_id) = 16),
  evidence_hash BLOB NOT NULL CHECK (length(evidence_hash) = 32),
  number        TEXT NOT NULL,
  reason        TEXT NOT NULL,
  evidence      BLOB NOT NULL,
  PRIMARY KEY (order_id, evidence_hash)
) STRICT, WITHOUT ROWID;

-- Questions of nodes, until the asking node has taken the answer into its case: until then the units of a yes are promised.
CREATE TABLE referral (
  referral_id  BLOB PRIMARY KEY CHECK (length(referral_id) = 16),
  node_id      BLOB NOT NULL CHECK (length(node_id) = 16),
  customer_key BLOB CHECK (length(customer_key) = 16),
  asked_at_ms  INTEGER NOT NULL,
  body         BLOB NOT NULL,  -- the event line_referred
  recalls_out  INTEGER NOT NULL CHECK (recalls_out >= 0),  -- issued and not answered
  recalls_in   INTEGER NOT NULL CHECK (recalls_in >= 0),   -- answered: the homes' journals are folded up to there
  decided      BLOB           -- the event referral_decided
) STRICT, WITHOUT ROWID;

CREATE TABLE recall (
  recall_id   BLOB PRIMARY KEY CHECK (length(recall_id) = 16),
  referral_id BLOB NOT NULL CHECK (length(referral_id) = 16),
  node_id     BLOB NOT NULL CHECK (length(node_id) = 16)
) STRICT, WITHOUT ROWID;

-- People: several subjects may be one customer; deleting rows makes their events anonymous.
CREATE TABLE subject (
  subject_id   BLOB PRIMARY KEY CHECK (length(subject_id) = 16),
  customer_key BLOB NOT NULL CHECK (length(customer_key) = 16)
) STRICT, WITHOUT ROWID;
CREATE INDEX subject_of_customer ON subject (customer_key);
