-- A trace gives the right to ask too: the tracing team must reach people before any list has them.
ALTER TABLE reveals
    ADD COLUMN IF NOT EXISTS question String
        COMMENT 'The trace that gave the right to ask, as it was asked (JSON); empty where a list did' AFTER handover_id,
    COMMENT COLUMN handover_id 'The list that gave the right to ask; zeros where a trace did'
