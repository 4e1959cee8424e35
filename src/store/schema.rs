//! The tables, as they came to be.

/// The shape of the database, step by step; a step once shipped never changes.
pub const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE health (
        component TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        health TEXT NOT NULL,
        PRIMARY KEY (component, at_ms)
    ) WITHOUT ROWID;
    CREATE TABLE seen (id INTEGER PRIMARY KEY CHECK (id = 0), at_ms INTEGER NOT NULL);
    CREATE TABLE receipt (
        notifier TEXT NOT NULL,
        incident TEXT NOT NULL,
        severity TEXT NOT NULL,
        resolved INTEGER NOT NULL,
        message TEXT,
        PRIMARY KEY (notifier, incident)
    ) WITHOUT ROWID;
",
    "
    CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        text TEXT NOT NULL,
        noted_ms INTEGER NOT NULL
    );
",
    "
    CREATE TABLE series (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        labels TEXT NOT NULL,
        day INTEGER NOT NULL,
        UNIQUE (name, labels)
    );
    CREATE TABLE scrape (
        id INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        collector TEXT NOT NULL,
        good_ms INTEGER NOT NULL,
        body BLOB NOT NULL
    );
    CREATE INDEX scrape_at ON scrape (at_ms);
    CREATE TABLE run (
        rule TEXT PRIMARY KEY,
        expr TEXT NOT NULL,
        bad_since TEXT,
        last_bad TEXT,
        good_since TEXT,
        unknown_since TEXT,
        fired INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE minute (id INTEGER PRIMARY KEY, body BLOB NOT NULL);
    CREATE TABLE summed (id INTEGER PRIMARY KEY CHECK (id = 0), scrape INTEGER NOT NULL);
",
    "
    CREATE TABLE heartbeat (
        name TEXT PRIMARY KEY,
        awaited_ms INTEGER NOT NULL,
        beat_ms INTEGER,
        succeeded_ms INTEGER,
        value REAL
    ) WITHOUT ROWID;
    CREATE TABLE alert (
        labels TEXT PRIMARY KEY,
        starts_ms INTEGER NOT NULL,
        ends_ms INTEGER NOT NULL,
        updated_ms INTEGER NOT NULL
    ) WITHOUT ROWID;
",
    "
    CREATE TABLE silence (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        matchers TEXT NOT NULL,
        starts_ms INTEGER NOT NULL,
        ends_ms INTEGER NOT NULL,
        author TEXT NOT NULL,
        reason TEXT NOT NULL
    );
",
    "
    ALTER TABLE event ADD COLUMN kind TEXT NOT NULL DEFAULT 'change';
    ALTER TABLE event ADD COLUMN components TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE event ADD COLUMN source TEXT NOT NULL DEFAULT 'person';
    CREATE INDEX event_noted ON event (noted_ms);
",
    "
    CREATE TABLE noticed (
        incident TEXT PRIMARY KEY,
        began_ms INTEGER NOT NULL,
        file_ms INTEGER,
        page_ms INTEGER,
        until_ms INTEGER,
        expires_ms INTEGER,
        rules TEXT NOT NULL,
        affected TEXT NOT NULL,
        resolved INTEGER NOT NULL,
        recurrences INTEGER NOT NULL,
        false_clears INTEGER NOT NULL
    ) WITHOUT ROWID;
",
    "
    DROP TABLE run;
    CREATE TABLE run (
        rule TEXT PRIMARY KEY,
        expr TEXT NOT NULL,
        firing_since TEXT,
        good_since TEXT,
        unknown_since TEXT,
        alerts TEXT NOT NULL
    ) WITHOUT ROWID;
    ALTER TABLE scrape ADD COLUMN answered INTEGER NOT NULL DEFAULT 1;
    CREATE INDEX scrape_answered ON scrape (collector, id) WHERE answered = 1;
    CREATE TABLE revised (
        thing TEXT PRIMARY KEY,
        mark TEXT NOT NULL,
        at_ms INTEGER NOT NULL
    ) WITHOUT ROWID;
",
    "
    ALTER TABLE receipt RENAME TO receipt_before;
    CREATE TABLE receipt (
        notifier TEXT NOT NULL,
        topic TEXT NOT NULL,
        receipt TEXT NOT NULL,
        PRIMARY KEY (notifier, topic)
    ) WITHOUT ROWID;
    INSERT INTO receipt SELECT notifier, 'incident:' || incident, json_object(
        'stage', CASE resolved WHEN 0 THEN 'open' ELSE 'over' END,
        'severity', severity,
        'messages', CASE WHEN message IS NULL THEN json_array()
            ELSE json_array(json_object('id', message)) END
    ) FROM receipt_before;
    DROP TABLE receipt_before;
    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        notifier TEXT NOT NULL,
        topic TEXT NOT NULL,
        occasion TEXT NOT NULL,
        state TEXT NOT NULL,
        tries INTEGER NOT NULL,
        due_ms INTEGER NOT NULL,
        changed_ms INTEGER NOT NULL,
        reason TEXT,
        receipt TEXT
    );
    CREATE INDEX outbox_open ON outbox (notifier) WHERE state IN ('due', 'sending');
",
    "
    CREATE TABLE mail (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        notifier TEXT NOT NULL,
        topic TEXT,
        content TEXT NOT NULL,
        at_ms INTEGER NOT NULL
    );
    CREATE INDEX mail_topic ON mail (topic);
    CREATE TABLE mailing (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        mail INTEGER NOT NULL REFERENCES mail (id),
        address TEXT NOT NULL,
        language TEXT NOT NULL,
        subscriber INTEGER,
        token TEXT,
        state TEXT NOT NULL,
        tries INTEGER NOT NULL,
        doubts INTEGER NOT NULL,
        next_ms INTEGER NOT NULL,
        changed_ms INTEGER NOT NULL,
        reason TEXT,
        UNIQUE (mail, address)
    );
    CREATE INDEX mailing_next ON mailing (next_ms, id) WHERE state = 'due';
    CREATE INDEX mailing_open ON mailing (address, id) WHERE state IN ('due', 'sending');
    CREATE INDEX mailing_subscriber ON mailing (subscriber) WHERE subscriber IS NOT NULL;
",
    "
    CREATE TABLE subscriber (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        address TEXT NOT NULL UNIQUE,
        state TEXT NOT NULL,
        language TEXT NOT NULL,
        components TEXT NOT NULL,
        incidents INTEGER NOT NULL,
        maintenance INTEGER NOT NULL,
        report TEXT,
        asked_ms INTEGER NOT NULL,
        mailed_ms INTEGER NOT NULL,
        confirmed_ms INTEGER,
        bounces INTEGER NOT NULL
    );
    CREATE INDEX subscriber_asked ON subscriber (asked_ms) WHERE state = 'asked';
    CREATE TABLE subscriber_token (
        selector INTEGER PRIMARY KEY,
        subscriber INTEGER NOT NULL,
        purpose TEXT NOT NULL,
        hash BLOB NOT NULL,
        expires_ms INTEGER NOT NULL
    );
    CREATE INDEX subscriber_token_of ON subscriber_token (subscriber);
    CREATE INDEX subscriber_token_expires ON subscriber_token (expires_ms);
    CREATE TABLE subscriber_topic (
        topic TEXT PRIMARY KEY,
        first_ms INTEGER NOT NULL,
        newest_ms INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE subscriber_told (
        topic TEXT NOT NULL,
        subscriber INTEGER NOT NULL,
        PRIMARY KEY (topic, subscriber)
    ) WITHOUT ROWID;
",
    "
    CREATE INDEX subscriber_state ON subscriber (state, asked_ms);
    CREATE INDEX mailing_done ON mailing (changed_ms) WHERE state NOT IN ('due', 'sending');
",
    "
    ALTER TABLE mail ADD COLUMN reached INTEGER;
    ALTER TABLE subscriber ADD COLUMN mailbox TEXT NOT NULL DEFAULT '';
    UPDATE subscriber SET mailbox = address;
    CREATE INDEX subscriber_mailbox ON subscriber (mailbox);
    CREATE INDEX subscriber_token_asked ON subscriber_token (expires_ms) WHERE purpose = 'ask';
    CREATE TABLE mail_secret (secret BLOB NOT NULL);
    CREATE INDEX mailing_sent ON mailing (address) WHERE state IN ('sent', 'unknown');
    CREATE INDEX mailing_bounced ON mailing (address) WHERE state = 'bounced';
",
    "
    CREATE TABLE replay (
        actor TEXT NOT NULL,
        key TEXT NOT NULL,
        print TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        status INTEGER,
        headers TEXT,
        body BLOB,
        PRIMARY KEY (actor, key)
    ) WITHOUT ROWID;
    CREATE INDEX replay_at ON replay (at_ms);
",
    "
    CREATE TABLE token (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        hash BLOB NOT NULL UNIQUE,
        scopes TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        expires_ms INTEGER,
        used_ms INTEGER,
        revoked_ms INTEGER
    );
    CREATE UNIQUE INDEX token_name ON token (name) WHERE revoked_ms IS NULL;
    CREATE TABLE session (
        hash BLOB PRIMARY KEY,
        origin TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        seen_ms INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at_ms INTEGER NOT NULL,
        actor TEXT NOT NULL,
        proof TEXT NOT NULL,
        act TEXT NOT NULL,
        target TEXT NOT NULL,
        detail TEXT NOT NULL
    );
    CREATE INDEX audit_at ON audit (at_ms);
",
    "
    ALTER TABLE heartbeat ADD COLUMN text TEXT;
",
    "
    CREATE TABLE readable (file TEXT PRIMARY KEY, text BLOB NOT NULL);
",
    "
    ALTER TABLE mailing ADD COLUMN sent_with INTEGER;
",
];
