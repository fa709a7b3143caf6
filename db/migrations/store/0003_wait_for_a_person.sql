-- Lines that wait for a person with authority: a line is asked again under its number once somebody has said yes or no,
-- and must not be counted twice. Holds only open ones.
CREATE TABLE line_for_manager (
  case_id BLOB NOT NULL CHECK (length(case_id) = 16),
  line_no INTEGER NOT NULL,
  PRIMARY KEY (case_id, line_no)
) STRICT, WITHOUT ROWID;
