"""
The pages: what a person sees and presses.

A door, so it holds no rule: a view parses, makes one call inwards and renders frozen view
models. Promises that every page works without script, in both languages, under a policy that
forbids inline code. Never moves money itself and never shows one customer another's.
"""
