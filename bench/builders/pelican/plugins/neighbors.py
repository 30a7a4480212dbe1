# Of the yardstick, as it was given.
# ruff: noqa
# fmt: off
# mypy: ignore-errors
from pelican import signals
def run(gen):
    for cat,arts in gen.categories:
        for i,a in enumerate(arts):
            a.newer=arts[i-1] if i else None
            a.older=arts[i+1] if i+1<len(arts) else None
def register(): signals.article_generator_finalized.connect(run)
