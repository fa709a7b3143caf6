-- Numbers of the credit notes of this node, from 1 without gap, and what the fiscal signer said of each. Notes of before
-- have no number. A void or a reversal takes back all notes of its case by one note of its own, under plan_no 0.
CREATE TABLE credit_note (
  number  INTEGER PRIMARY KEY CHECK (number > 0),
  case_id BLOB NOT NULL CHECK (length(case_id) = 16),
  plan_no INTEGER NOT NULL CHECK (plan_no >= 0),
  state   INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),  -- FiscalState; 0: no signer is asked
  UNIQUE (case_id, plan_no)
) STRICT;
CREATE INDEX credit_note_unsigned ON credit_note (number) WHERE state = 2;
