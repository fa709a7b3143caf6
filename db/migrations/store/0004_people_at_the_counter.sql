-- Whose return a case is and who served, beside the case, so that risk rules count without reading events; a second
-- person's yes, by cashier and day. Cases of before count from the next `journal rebuild` on.
ALTER TABLE return_case ADD COLUMN subject_id BLOB CHECK (length(subject_id) = 16);
ALTER TABLE return_case ADD COLUMN cashier TEXT NOT NULL DEFAULT '';
CREATE INDEX case_of_subject ON return_case (subject_id, business_date) WHERE subject_id IS NOT NULL;

CREATE TABLE override_used (
  cashier       TEXT NOT NULL,     -- who served
  business_date INTEGER NOT NULL,  -- of the case
  case_id       BLOB NOT NULL CHECK (length(case_id) = 16),
  line_no       INTEGER NOT NULL,
  PRIMARY KEY (cashier, business_date, case_id, line_no)
) STRICT, WITHOUT ROWID;

-- Beside the journal, not folded: wrong PINs and codes since the last right one. A restart must not forget them.
CREATE TABLE staff_lockout (
  staff           TEXT PRIMARY KEY,
  tries           INTEGER NOT NULL CHECK (tries > 0),
  locked_until_ms INTEGER NOT NULL CHECK (locked_until_ms >= 0)
) STRICT, WITHOUT ROWID;
