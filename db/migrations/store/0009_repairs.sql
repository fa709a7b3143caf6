-- Faulty goods that went to be repaired, by the units of the purchase: what is open makes the scan speak up (alert
-- under_repair), what was given up opens the way to the next remedy. Folded from repair_started and repair_ended.
CREATE TABLE repair (
  case_id       BLOB NOT NULL CHECK (length(case_id) = 16),
  line_no       INTEGER NOT NULL CHECK (line_no > 0),
  order_id      BLOB NOT NULL CHECK (length(order_id) = 16),
  order_line_no INTEGER NOT NULL,
  first_unit    INTEGER NOT NULL CHECK (first_unit >= 0),
  unit_count    INTEGER NOT NULL CHECK (unit_count > 0),
  serial        TEXT NOT NULL,  -- may be empty
  outcome       INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 2),  -- 0: open; 1: repaired; 2: not repairable
  PRIMARY KEY (case_id, line_no, order_id, order_line_no, first_unit)
) STRICT, WITHOUT ROWID;
CREATE INDEX open_repair ON repair (case_id) WHERE outcome = 0;
CREATE INDEX repair_of_order ON repair (order_id, order_line_no) WHERE outcome <> 1;
CREATE INDEX open_repair_of_serial ON repair (serial) WHERE outcome = 0 AND serial <> '';
