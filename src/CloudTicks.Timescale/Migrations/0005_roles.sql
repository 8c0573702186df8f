-- Who may do what. The roles belong to the server, not to the database, and a server may not let us make them: so the statements that name one
-- are held back, and applied behind the migrations where that can be done, again wherever they do not hold (on another server, after a restore).
-- A migration that makes a table says here what each role may do with it.
DO $$
BEGIN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO cloudticks_owner, cloudticks_writer, cloudticks_reader', current_database());
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO cloudticks_writer', current_database());
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO cloudticks_writer, cloudticks_reader', current_schema());
    EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO cloudticks_owner', current_schema());
END $$;

ALTER TYPE market OWNER TO cloudticks_owner;
ALTER TYPE tick_kind OWNER TO cloudticks_owner;
ALTER TYPE tick_source OWNER TO cloudticks_owner;
ALTER TYPE gap_state OWNER TO cloudticks_owner;
ALTER FUNCTION unix_now_ms() OWNER TO cloudticks_owner;
ALTER TABLE schema_migrations OWNER TO cloudticks_owner;
ALTER TABLE market_ticks OWNER TO cloudticks_owner;
ALTER TABLE stream_offsets OWNER TO cloudticks_owner;
ALTER TABLE feed_gaps OWNER TO cloudticks_owner;
ALTER TABLE config_versions OWNER TO cloudticks_owner;
ALTER TABLE config_heads OWNER TO cloudticks_owner;
ALTER TABLE access_keys OWNER TO cloudticks_owner;
ALTER TABLE audit_log OWNER TO cloudticks_owner;
ALTER TABLE service_reports OWNER TO cloudticks_owner;
ALTER TABLE rollout_baselines OWNER TO cloudticks_owner;

-- Ticks are added, and go with their chunk; versions of documents and the audit log are added, and stay; a key is revoked, and never changed.
GRANT SELECT ON schema_migrations TO cloudticks_writer;
GRANT SELECT, INSERT ON market_ticks TO cloudticks_writer;
GRANT SELECT, INSERT, UPDATE ON stream_offsets TO cloudticks_writer;
GRANT SELECT, INSERT, UPDATE ON feed_gaps TO cloudticks_writer;
GRANT SELECT, INSERT ON config_versions TO cloudticks_writer;
GRANT SELECT, INSERT, UPDATE ON config_heads TO cloudticks_writer;
GRANT SELECT, INSERT, UPDATE (revoked_ms, revoked_by) ON access_keys TO cloudticks_writer;
GRANT SELECT, INSERT ON audit_log TO cloudticks_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON service_reports TO cloudticks_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON rollout_baselines TO cloudticks_writer;

GRANT SELECT ON schema_migrations TO cloudticks_reader;
GRANT SELECT ON market_ticks TO cloudticks_reader;
GRANT SELECT ON stream_offsets TO cloudticks_reader;
GRANT SELECT ON feed_gaps TO cloudticks_reader;
