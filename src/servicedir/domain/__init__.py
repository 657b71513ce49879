"""Values and rules of a catalogue of services; needs nothing but the standard library."""
