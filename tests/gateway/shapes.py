"""The shape of an answer: names of its fields and types of their values."""


def shape_of(found):
    """Return the answer with each value's type in its place; rows have one shape, said once."""
    if isinstance(found, dict):
        return {name: shape_of(value) for name, value in found.items()}
    if isinstance(found, list):
        shapes = [shape_of(one) for one in found]
        assert all(shape == shapes[0] for shape in shapes)
        return shapes[:1]
    return type(found)
