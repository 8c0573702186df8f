-- The central hub: every version of every service's document, who may do what, who did what, and what the services say of themselves.
CREATE TABLE config_versions (
    service    text    NOT NULL,
    version    integer NOT NULL CHECK (version > 0),
    document   text    NOT NULL,
    action     text    NOT NULL,
    author     text    NOT NULL,
    comment    text,
    changes    text[]  NOT NULL,
    created_ms bigint  NOT NULL,
    PRIMARY KEY (service, version)
);

-- One row a service: who writes a version holds its lock, so that of two writers the second sees what the first wrote.
CREATE TABLE config_heads (
    service text    PRIMARY KEY,
    version integer NOT NULL
);

CREATE TABLE access_keys (
    id         text   PRIMARY KEY,
    name       text   NOT NULL,
    role       text   NOT NULL CHECK (role IN ('reader', 'writer')),
    hash       bytea  NOT NULL,
    created_ms bigint NOT NULL,
    created_by text   NOT NULL,
    revoked_ms bigint,
    revoked_by text
);

-- The name of a key is what the history calls its holder: two that can be used are never named alike.
CREATE UNIQUE INDEX access_keys_name ON access_keys (lower(name)) WHERE revoked_ms IS NULL;

CREATE TABLE audit_log (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at_ms   bigint NOT NULL,
    author  text   NOT NULL,
    action  text   NOT NULL,
    subject text   NOT NULL,
    detail  text
);

CREATE TABLE service_reports (
    service     text    NOT NULL,
    instance    text    NOT NULL,
    reported_ms bigint  NOT NULL,
    version     integer NOT NULL,
    state       text    NOT NULL,
    problem     text,
    figures     jsonb   NOT NULL,
    PRIMARY KEY (service, instance)
);

-- What a guard of a rollout counts from, for each process, since the version that made the step.
CREATE TABLE rollout_baselines (
    service       text             NOT NULL,
    version       integer          NOT NULL,
    instance      text             NOT NULL,
    refused_ticks double precision NOT NULL,
    PRIMARY KEY (service, version, instance)
);

COMMENT ON TABLE config_versions IS 'Every version of the document of every service; version 0, the defaults, is in the program';
COMMENT ON COLUMN config_versions.action IS 'How it came about: patch, put, rollback, rollout or guard';
COMMENT ON COLUMN config_versions.changes IS 'What it changed in plain terms, as it was when it was made';
COMMENT ON COLUMN config_versions.created_ms IS 'Unix ms, UTC';
COMMENT ON TABLE access_keys IS 'Keys by their SHA-256; the keys themselves are nowhere';
COMMENT ON TABLE audit_log IS 'Every change of documents, rollouts and keys, and who made it; rows are only added';
COMMENT ON COLUMN audit_log.subject IS 'What was changed: a service with its version, or a key';
COMMENT ON TABLE service_reports IS 'What each process of a service said last: the version that it follows, what it refused, and its figures';
COMMENT ON TABLE rollout_baselines IS 'How many ticks each process had refused when a step of a rollout was made that a guard watches';
