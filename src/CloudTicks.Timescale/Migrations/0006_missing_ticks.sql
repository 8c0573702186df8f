-- How many ticks of a gap are known to be missing, and how many of them were restored. Older writers leave the columns at their defaults.
ALTER TABLE feed_gaps
    ADD COLUMN missing  bigint NOT NULL DEFAULT 0,
    ADD COLUMN restored bigint NOT NULL DEFAULT 0,
    ADD COLUMN loss     uuid;

COMMENT ON COLUMN feed_gaps.missing IS 'Ticks known to be missing, 0 when the number is not known; gaps of one loss share the number';
COMMENT ON COLUMN feed_gaps.restored IS 'Of the ticks fetched over REST, those that were never archived live; known for gaps with missing > 0';
COMMENT ON COLUMN feed_gaps.loss IS 'The loss that this gap shares with other gaps; null when missing is about this gap alone';
