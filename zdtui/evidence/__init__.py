"""What a rehearsal proved, kept beside its plan: written, read, told in words. It holds no data and no secrets."""
