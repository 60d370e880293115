"""What changed between two specs, what it means for apps, and which step of the version it asks for.

`revisions` finds the specs, `compare` puts what is compared together: `surface` has names and methods, `bodies` walks
through schemas and `keywords` judges what they say; `versions` knows steps, `report` shows, `release` is for `check`.
"""
