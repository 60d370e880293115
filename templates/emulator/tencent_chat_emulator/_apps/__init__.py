"""An app that is served: its memory, its clock, what it received, and how a call of it is answered."""
