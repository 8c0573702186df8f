-- One row for each distinct tick of the retention window. Times are Unix milliseconds, UTC.
CREATE TYPE market AS ENUM ('stock', 'option', 'forex', 'crypto');
CREATE TYPE tick_kind AS ENUM ('quote', 'trade');
CREATE TYPE tick_source AS ENUM ('live', 'backfill', 'db_command', 'replay');

CREATE TABLE market_ticks (
    symbol       text             NOT NULL,
    timestamp_ms bigint           NOT NULL,
    market       market           NOT NULL,
    kind         tick_kind        NOT NULL,
    source       tick_source      NOT NULL,
    bid          double precision,
    ask          double precision,
    bid_size     double precision,
    ask_size     double precision,
    price        double precision,
    size         double precision,
    exchange     smallint,
    conditions   smallint[],
    sequence     bigint,
    trade_id     text,
    tick_hash    bigint           NOT NULL,
    received_ms  bigint           NOT NULL,
    -- Time first: rows arrive nearly in its order, so that the index grows at its right end.
    CONSTRAINT market_ticks_identity UNIQUE (timestamp_ms, symbol, tick_hash)
);

-- The unique index begins with the time: the index that TimescaleDB would add by default says nothing more and halves the writer.
SELECT create_hypertable('market_ticks', by_range('timestamp_ms', 3600000), create_default_indexes => false);

CREATE FUNCTION unix_now_ms() RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT (extract(epoch FROM now()) * 1000)::bigint $$;

SELECT set_integer_now_func('market_ticks', 'unix_now_ms');

COMMENT ON TABLE market_ticks IS 'One row for each distinct tick of the retention window; the archive keeps all.';
COMMENT ON COLUMN market_ticks.timestamp_ms IS 'The feed''s time, Unix ms, UTC';
COMMENT ON COLUMN market_ticks.exchange IS 'Polygon''s exchange id; of a quote that names two, the bid''s';
COMMENT ON COLUMN market_ticks.tick_hash IS 'The tick''s identity: with symbol and timestamp_ms it tells ticks apart';
COMMENT ON COLUMN market_ticks.received_ms IS 'When the collector read the tick, Unix ms, UTC';
