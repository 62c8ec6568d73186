-- A question about a person or a place reads a piece of each part: parts are merged as soon as two are of a size, not only five. A row is
-- written again about twice as often on its way, which costs little beside what traces save.
ALTER TABLE presences MODIFY SETTING merge_selector_base = 2;

ALTER TABLE presences_by_place MODIFY SETTING merge_selector_base = 2;

ALTER TABLE timeline MODIFY SETTING merge_selector_base = 2
