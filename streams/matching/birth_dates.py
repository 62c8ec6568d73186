def compare_birth_dates(a, b):
    return "equal" if a == b else "different"
