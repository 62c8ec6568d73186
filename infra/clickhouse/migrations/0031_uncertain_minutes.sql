ALTER TABLE reference_exposure_rules
    ADD COLUMN IF NOT EXISTS uncertain_minutes Map(String, Float64)
        COMMENT 'By granularity: how far a period known no more exactly may be off; so much time together weighs nothing' AFTER apart_minutes
