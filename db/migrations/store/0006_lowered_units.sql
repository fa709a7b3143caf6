-- What was taken off the accounts of units that customers keep (compensation): a later return gives back the rest. One row
-- an order that has any, packed (db/codec/lowered_codec.hpp); folded from units_lowered and rights_received.
CREATE TABLE lowered_units (
  order_id BLOB PRIMARY KEY CHECK (length(order_id) = 16),
  lowered  BLOB NOT NULL
) STRICT, WITHOUT ROWID;
