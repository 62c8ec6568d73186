CREATE TABLE reference_exposure_rules
(
    rules_id LowCardinality(String) COMMENT 'Name of the set',
    source String COMMENT 'The decision it comes from',
    days_before_onset UInt16 COMMENT 'A case with symptoms may infect others from so many days before the first one',
    days_before_sampling Nullable(UInt16) COMMENT 'The same before the positive sample of a case without symptoms; null: not settled',
    overlap_minutes Float64 COMMENT 'Least time together, where both stays have a length',
    distance_most_m Float64 COMMENT 'Farther apart, in metres, is no contact',
    apart_minutes Map(String, Float64) COMMENT 'By kind of place: how far apart two moments may be',
    latent_hours Float64 COMMENT 'From exposure until a contact may infect others',
    vehicles_count Bool COMMENT 'Whether those who shared a vehicle are contacts',
    households_count Bool COMMENT 'Whether those of one household are contacts',
    follow_days Nullable(UInt16) COMMENT 'For how many days after the last exposure a contact is watched; null: not settled',
    assumed Array(String) COMMENT 'Parameters that the decision does not settle',
    valid_from DateTime64(3, 'UTC') COMMENT 'In force from this instant',
    valid_to Nullable(DateTime64(3, 'UTC')) COMMENT 'In force until just before; null: until the next change',
    version Int64 COMMENT 'Offset of the reference topic: version from which it was known',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted it'
)
ENGINE = ReplacingMergeTree
ORDER BY (rules_id, version)
COMMENT 'Every set of exposure rules ever adopted; those shipped stand in schemas/exposure.py'
