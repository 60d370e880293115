"""What every other room stands on: checked settings, secrets, loading, forks, the log."""
