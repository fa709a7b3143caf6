-- The status page asks for the oldest open questions and how many there are: with a hundred thousand of them a walk
-- through the whole table took the hub's lock for seconds.
CREATE INDEX open_referral ON referral (asked_at_ms) WHERE decided IS NULL;
