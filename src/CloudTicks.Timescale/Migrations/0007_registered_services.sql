-- Services that were registered at the hub, each with the schema and the defaults of its document. A service that is unregistered keeps its
-- row in config_heads and its versions, so that the numbers of versions never begin again.
CREATE TABLE service_registrations (
    service    text    PRIMARY KEY,
    revision   integer NOT NULL,
    schema     text    NOT NULL,
    defaults   text    NOT NULL,
    author     text    NOT NULL,
    created_ms bigint  NOT NULL,
    changed_ms bigint  NOT NULL
);

-- Since when a process follows the version that it reports. Older writers leave it at null.
ALTER TABLE service_reports ADD COLUMN since_ms bigint;

ALTER TABLE service_registrations OWNER TO cloudticks_owner;
GRANT SELECT, INSERT, UPDATE, DELETE ON service_registrations TO cloudticks_writer;

COMMENT ON TABLE service_registrations IS 'Services of other programs whose documents the hub keeps, with their JSON schemas and defaults';
COMMENT ON COLUMN service_registrations.revision IS 'How often it was registered with another schema or other defaults, from 1';
COMMENT ON COLUMN service_reports.since_ms IS 'Since when the process follows this version, Unix ms, UTC, by the hub''s clock';
