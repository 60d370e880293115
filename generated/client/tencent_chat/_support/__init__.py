"""What every other room stands on: loading, forks, secrets, the log."""
