def parents(code: str) -> tuple[str, ...]:
    return ()
