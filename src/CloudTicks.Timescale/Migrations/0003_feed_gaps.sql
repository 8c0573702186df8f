-- Times in which ticks of a symbol may be missing, as the collectors tell of them in the archive: one row a gap, in its newest state.
CREATE TYPE gap_state AS ENUM ('open', 'filling', 'filled', 'unfillable');

CREATE TABLE feed_gaps (
    id         uuid      PRIMARY KEY,
    market     market    NOT NULL,
    symbol     text      NOT NULL,
    kind       tick_kind NOT NULL,
    from_ms    bigint    NOT NULL,
    to_ms      bigint,
    cause      text      NOT NULL,
    found_by   text      NOT NULL,
    state      gap_state NOT NULL,
    recovered  bigint    NOT NULL,
    detail     text,
    changed_ms bigint    NOT NULL
);

CREATE INDEX feed_gaps_symbol ON feed_gaps (symbol, from_ms);
CREATE INDEX feed_gaps_from ON feed_gaps (from_ms, id);
CREATE INDEX feed_gaps_unfilled ON feed_gaps (from_ms) WHERE state <> 'filled';

COMMENT ON TABLE feed_gaps IS 'Times in which ticks of a symbol may be missing from the archive, and what became of them';
COMMENT ON COLUMN feed_gaps.from_ms IS 'First Unix ms, UTC, in which a tick may be missing';
COMMENT ON COLUMN feed_gaps.to_ms IS 'Last Unix ms, UTC, in which a tick may be missing; null while it lasts';
COMMENT ON COLUMN feed_gaps.recovered IS 'Ticks fetched over REST, those that were there already among them';
COMMENT ON COLUMN feed_gaps.changed_ms IS 'When this state came about, Unix ms, UTC; of two states of a gap the one with the larger holds';
