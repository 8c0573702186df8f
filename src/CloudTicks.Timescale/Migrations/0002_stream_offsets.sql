-- How far each consumer has come in each partition of a stream. Moved in the transaction that writes the rows, so that no record
-- counts twice, whoever delivers it. `stream` names the stream itself: one that is deleted and made anew starts afresh.
CREATE TABLE stream_offsets (
    consumer    text    NOT NULL,
    stream      text    NOT NULL,
    topic       text    NOT NULL,
    partition   integer NOT NULL CHECK (partition >= 0),
    next_offset bigint  NOT NULL CHECK (next_offset >= 0),
    PRIMARY KEY (consumer, stream, topic, partition)
) WITH (fillfactor = 20);  -- updated in place many times a second: room on each page keeps the table and its index from growing

COMMENT ON COLUMN stream_offsets.next_offset IS 'The offset of the first record that is not in market_ticks yet';
