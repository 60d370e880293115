"""From a sound spec to the model: every name, type and sentence that an output may need."""
