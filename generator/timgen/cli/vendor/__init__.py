"""`timgen vendor`: `command` takes the options, `reporting` shows what became of a copy."""

from timgen.cli.vendor.command import vendor as vendor
