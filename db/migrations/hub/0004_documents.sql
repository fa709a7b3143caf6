-- Policy packs, the article catalogue and staff reached a store at enrolment or by hand. The hub publishes them now; a
-- store takes over what lies behind its cursor, and says what it refused.
CREATE TABLE document (
  seq          INTEGER PRIMARY KEY CHECK (seq > 0),  -- the lane's number: a later publication prevails
  kind         TEXT NOT NULL,
  name         TEXT NOT NULL,  -- of a policy: id and version
  hash         BLOB NOT NULL CHECK (length(hash) = 32),  -- of the whole document
  packed       BLOB NOT NULL,  -- db/codec/packed_document.hpp
  published_ms INTEGER NOT NULL,
  UNIQUE (kind, name)
) STRICT;
CREATE TABLE document_refused (
  node_id BLOB NOT NULL CHECK (length(node_id) = 16),
  seq     INTEGER NOT NULL CHECK (seq >= 0),
  kind    TEXT NOT NULL,
  name    TEXT NOT NULL,
  reason  TEXT NOT NULL,
  PRIMARY KEY (node_id, seq)
) STRICT, WITHOUT ROWID;
