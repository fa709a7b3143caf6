-- Journals of nodes as they come: one row a batch, packed (docs/decisions/0017-journals-in-batches.md). What came before stays in
-- node_event.
CREATE TABLE node_batch (
  node_id   BLOB NOT NULL CHECK (length(node_id) = 16),
  epoch     INTEGER NOT NULL CHECK (epoch >= 0),
  first_seq INTEGER NOT NULL CHECK (first_seq > 0),
  last_seq  INTEGER NOT NULL CHECK (last_seq >= first_seq),
  events    BLOB NOT NULL,  -- sync/protocol/batch_codec.hpp: the bytes of docs/protocol.md, "A batch of events"
  PRIMARY KEY (node_id, epoch, last_seq)
) STRICT;
