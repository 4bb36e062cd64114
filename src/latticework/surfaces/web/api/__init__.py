"""What programs may call: one declaration per call, found by looking."""
