CREATE OR REPLACE FUNCTION pseudonym AS number ->
    lower(concat(hex(reinterpretAsFixedString(cityHash64(number))),
        hex(reinterpretAsFixedString(cityHash64(number, 7)))))
