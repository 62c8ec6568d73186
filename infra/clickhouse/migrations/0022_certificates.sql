CREATE TABLE IF NOT EXISTS reference_signers
(
    key_id String COMMENT 'Key id (kid) that certificates name it by, in hexadecimal',
    country LowCardinality(String) COMMENT 'Country that signs with it',
    issuer String COMMENT 'Who signs with it; empty if not told',
    public_key String COMMENT 'SubjectPublicKeyInfo in base64',
    algorithm LowCardinality(String) COMMENT 'ES256, PS256 or EdDSA',
    revoked_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Nothing that it signed counts from this instant on',
    valid_from DateTime64(3, 'UTC') COMMENT 'Trusted from this instant',
    valid_to Nullable(DateTime64(3, 'UTC')) COMMENT 'What it signed has expired from this instant on; null: not limited',
    version Int64 COMMENT 'Offset of the reference topic: version from which it was known',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted it'
)
ENGINE = ReplacingMergeTree
ORDER BY (key_id, country, version)
COMMENT 'Everything ever known of the signers of health certificates; of one key and country the highest version holds';

CREATE TABLE IF NOT EXISTS reference_trust_lists
(
    source LowCardinality(String) COMMENT 'Where the list comes from',
    valid_from DateTime64(3, 'UTC') COMMENT 'State of the list: when it was fetched',
    valid_to Nullable(DateTime64(3, 'UTC')) COMMENT 'Until when it may be relied on',
    version Int64 COMMENT 'Offset of the reference topic: version from which it was known',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted it'
)
ENGINE = ReplacingMergeTree
ORDER BY (source, version)
COMMENT 'When the trust list and its revocations were brought up to date';

CREATE TABLE IF NOT EXISTS reference_revoked_certificates
(
    identifier_hash String COMMENT 'First 16 bytes of the SHA-256 of the certificate identifier (UVCI), in hexadecimal',
    reason String COMMENT 'Why; empty if not told',
    valid_from DateTime64(3, 'UTC') COMMENT 'Revoked from this instant',
    valid_to Nullable(DateTime64(3, 'UTC')) COMMENT 'Until just before; null: for good',
    version Int64 COMMENT 'Offset of the reference topic: version from which it was known',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted it'
)
ENGINE = ReplacingMergeTree
ORDER BY (identifier_hash, version)
COMMENT 'Single health certificates that do not count any more';

ALTER TABLE scans
    ADD COLUMN IF NOT EXISTS certificate_grade LowCardinality(String) COMMENT 'Grade of the health certificate shown: valid, signer_unknown, expired, not_yet_valid, tampered, revoked, list_out_of_date; empty if none' AFTER team,
    ADD COLUMN IF NOT EXISTS certificate_kind LowCardinality(String) COMMENT 'vaccination, test or recovery; empty if none or tampered' AFTER certificate_grade,
    ADD COLUMN IF NOT EXISTS certificate_country LowCardinality(String) COMMENT 'Country that issued it, as it says' AFTER certificate_kind,
    ADD COLUMN IF NOT EXISTS certificate_doses Nullable(UInt8) COMMENT 'Doses received, as it says' AFTER certificate_country,
    ADD COLUMN IF NOT EXISTS certificate_doses_needed Nullable(UInt8) COMMENT 'Doses of the whole series, as it says' AFTER certificate_doses,
    ADD COLUMN IF NOT EXISTS certificate_result LowCardinality(String) COMMENT 'Result of the test: positive or negative; empty if none' AFTER certificate_doses_needed,
    ADD COLUMN IF NOT EXISTS certificate_dated_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Day of the dose, time of the sample or day of the first positive test' AFTER certificate_result,
    ADD COLUMN IF NOT EXISTS certificate_match_name LowCardinality(String) DEFAULT 'unknown' COMMENT 'Name on the certificate against the register, or against the card where the register does not know it' AFTER certificate_dated_at,
    ADD COLUMN IF NOT EXISTS certificate_match_birth_date LowCardinality(String) DEFAULT 'unknown' COMMENT 'Birth date on the certificate against the register or the card' AFTER certificate_match_name;

ALTER TABLE verdicts
    ADD COLUMN IF NOT EXISTS certificate_grade LowCardinality(String) COMMENT 'Grade of the health certificate shown; empty if none' AFTER registered,
    ADD COLUMN IF NOT EXISTS certificate_kind LowCardinality(String) COMMENT 'vaccination, test or recovery; empty if none' AFTER certificate_grade
