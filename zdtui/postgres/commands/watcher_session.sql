-- For the sessions of the panes. Their questions never change: planning them anew was half of what they cost. How
-- long one may take is set beside it (`zdtui/watch/probe_session.py`).
SET plan_cache_mode = force_generic_plan;
SET lock_timeout = 300;
SET jit = off;
SET default_transaction_read_only = on;
SET idle_in_transaction_session_timeout = 5000
