-- Stores take money off the accounts of units that customers keep: the hub keeps it by order and gives it along with the
-- right, so that the next holder pays the rest and no more. Packed: db/codec/lowered_codec.hpp.
CREATE TABLE lowered_units (
  order_id BLOB PRIMARY KEY CHECK (length(order_id) = 16),
  lowered  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- A customer may stop waiting for an answer: her store names case and line, and the question is found by them. Questions of
-- before have no case here; there are few and they are looked through.
ALTER TABLE referral ADD COLUMN case_id BLOB CHECK (length(case_id) = 16);
CREATE INDEX referral_of_case ON referral (case_id);
