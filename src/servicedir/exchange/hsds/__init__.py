"""The catalogue as Open Referral HSDS 3.0 has it: services, organizations, locations, taxonomies; see docs/hsds.md."""
