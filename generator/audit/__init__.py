"""Look for disagreements that no sidecar declares: guess what the figures of a paper are to one another.

A guess is written as the check an editor would write, and is read and reckoned like any other.  It is believed when it
holds in most places, with figures long enough that this is no chance; where it does not hold is a finding.
"""
