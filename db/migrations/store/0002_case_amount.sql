-- What a case planned to give back, beside the case: the status of a store says how much it refunded without reading its
-- events, and the commit of a plan touches no further page. Cases of before count from the next `journal rebuild` on.
ALTER TABLE return_case ADD COLUMN planned_minor INTEGER NOT NULL DEFAULT 0 CHECK (planned_minor >= 0);
ALTER TABLE return_case ADD COLUMN currency TEXT NOT NULL DEFAULT '';
