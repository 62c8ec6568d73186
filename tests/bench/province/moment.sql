-- In the first 28 days of a month, from noon to 4 in the morning, Vietnam's time.
CREATE OR REPLACE FUNCTION moment AS (month, drawn) ->
    toDateTime64('2021-01-01 00:00:00', 3, 'UTC') + toIntervalMonth(month)
        + toIntervalSecond((drawn % 28) * 86400 + 18000 + intDiv(drawn, 28) % 57600)
