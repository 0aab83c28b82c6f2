from hypothesis import settings

# A busy machine is slow now and then: no property here is about time.
settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")
