-- Traces read a few rows of hundreds of people: whatever the granule, a whole block is unpacked for each. Parts written from now on, and
-- old ones as they merge, have blocks of a granule or two.
ALTER TABLE presences MODIFY SETTING min_compress_block_size = 4096, max_compress_block_size = 32768;

ALTER TABLE presences_by_place MODIFY SETTING min_compress_block_size = 4096, max_compress_block_size = 32768;

ALTER TABLE household_members MODIFY SETTING min_compress_block_size = 4096, max_compress_block_size = 32768;

ALTER TABLE person_households MODIFY SETTING min_compress_block_size = 4096, max_compress_block_size = 32768;

ALTER TABLE identity_vault MODIFY SETTING min_compress_block_size = 4096, max_compress_block_size = 32768;

ALTER TABLE timeline MODIFY SETTING min_compress_block_size = 4096, max_compress_block_size = 32768
