def compare_sexes(a, b):
    return "equal" if a == b else "different"
