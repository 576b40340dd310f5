"""placeholder"""
def stranger(visit): return {}
def member(visit): return {}
