"""What marks attributes under the names that they had before."""

from .._support.deprecation import deprecated as deprecated
