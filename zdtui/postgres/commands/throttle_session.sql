-- For the sessions that ask the team's own throttle and write the canary.
SET statement_timeout = '2s';
SET lock_timeout = '300ms';
SET idle_in_transaction_session_timeout = '5s'
