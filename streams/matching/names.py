def compare_names(a, b):
    return "equal" if a == b else "different"
