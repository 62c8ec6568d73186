SELECT count() FROM verdicts
