CREATE SCHEMA zdtui;
COMMENT ON SCHEMA zdtui IS 'journal of zdtui, layout 2: what was run here, by whom and with what result';
CREATE TABLE public.account (
    id integer NOT NULL,
    email text NOT NULL,
    email_key text
);
CREATE TABLE public.account_email (
    id integer NOT NULL,
    email text NOT NULL,
    CONSTRAINT account_email_email_check CHECK ((email ~~ '%@%'::text))
);
CREATE TABLE zdtui.checkpoint (
    run uuid NOT NULL,
    step text NOT NULL,
    lane integer DEFAULT 0 NOT NULL,
    part text DEFAULT ''::text NOT NULL,
    way text DEFAULT 'by key'::text NOT NULL,
    "position" jsonb,
    upto jsonb,
    batches bigint NOT NULL,
    rows bigint NOT NULL,
    rejected bigint NOT NULL,
    at timestamp with time zone NOT NULL
)
WITH (fillfactor='50');
CREATE TABLE zdtui.event (
    run uuid NOT NULL,
    sequence bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    operator text NOT NULL,
    kind text NOT NULL,
    step text,
    payload jsonb NOT NULL
);
CREATE TABLE zdtui.rejected (
    run uuid NOT NULL,
    step text NOT NULL,
    part text DEFAULT ''::text NOT NULL,
    key jsonb NOT NULL,
    reason text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);
INSERT INTO public.account VALUES (112, 'User112@Example.org', NULL);
INSERT INTO public.account VALUES (113, 'User113@Example.org', NULL);
INSERT INTO public.account VALUES (114, 'User114@Example.org', NULL);
INSERT INTO public.account VALUES (115, 'User115@Example.org', NULL);
INSERT INTO public.account VALUES (116, 'User116@Example.org', NULL);
INSERT INTO public.account VALUES (117, 'User117@Example.org', NULL);
INSERT INTO public.account VALUES (118, 'User118@Example.org', NULL);
INSERT INTO public.account VALUES (119, 'User119@Example.org', NULL);
INSERT INTO public.account VALUES (120, 'User120@Example.org', NULL);
INSERT INTO public.account VALUES (121, 'User121@Example.org', NULL);
INSERT INTO public.account VALUES (122, 'User122@Example.org', NULL);
INSERT INTO public.account VALUES (123, 'User123@Example.org', NULL);
INSERT INTO public.account VALUES (124, 'User124@Example.org', NULL);
INSERT INTO public.account VALUES (125, 'User125@Example.org', NULL);
INSERT INTO public.account VALUES (126, 'User126@Example.org', NULL);
INSERT INTO public.account VALUES (127, 'User127@Example.org', NULL);
INSERT INTO public.account VALUES (128, 'User128@Example.org', NULL);
INSERT INTO public.account VALUES (129, 'User129@Example.org', NULL);
INSERT INTO public.account VALUES (130, 'User130@Example.org', NULL);
INSERT INTO public.account VALUES (131, 'User131@Example.org', NULL);
INSERT INTO public.account VALUES (132, 'User132@Example.org', NULL);
INSERT INTO public.account VALUES (133, 'User133@Example.org', NULL);
INSERT INTO public.account VALUES (134, 'User134@Example.org', NULL);
INSERT INTO public.account VALUES (135, 'User135@Example.org', NULL);
INSERT INTO public.account VALUES (136, 'User136@Example.org', NULL);
INSERT INTO public.account VALUES (137, 'User137@Example.org', NULL);
INSERT INTO public.account VALUES (138, 'User138@Example.org', NULL);
INSERT INTO public.account VALUES (139, 'User139@Example.org', NULL);
INSERT INTO public.account VALUES (140, 'User140@Example.org', NULL);
INSERT INTO public.account VALUES (141, 'User141@Example.org', NULL);
INSERT INTO public.account VALUES (142, 'User142@Example.org', NULL);
INSERT INTO public.account VALUES (143, 'User143@Example.org', NULL);
INSERT INTO public.account VALUES (144, 'User144@Example.org', NULL);
INSERT INTO public.account VALUES (145, 'User145@Example.org', NULL);
INSERT INTO public.account VALUES (146, 'User146@Example.org', NULL);
INSERT INTO public.account VALUES (147, 'User147@Example.org', NULL);
INSERT INTO public.account VALUES (148, 'User148@Example.org', NULL);
INSERT INTO public.account VALUES (149, 'User149@Example.org', NULL);
INSERT INTO public.account VALUES (150, 'NOBODY', NULL);
INSERT INTO public.account VALUES (151, 'User151@Example.org', NULL);
INSERT INTO public.account VALUES (152, 'User152@Example.org', NULL);
INSERT INTO public.account VALUES (153, 'User153@Example.org', NULL);
INSERT INTO public.account VALUES (154, 'User154@Example.org', NULL);
INSERT INTO public.account VALUES (155, 'User155@Example.org', NULL);
INSERT INTO public.account VALUES (156, 'User156@Example.org', NULL);
INSERT INTO public.account VALUES (157, 'User157@Example.org', NULL);
INSERT INTO public.account VALUES (158, 'User158@Example.org', NULL);
INSERT INTO public.account VALUES (159, 'User159@Example.org', NULL);
INSERT INTO public.account VALUES (160, 'User160@Example.org', NULL);
INSERT INTO public.account VALUES (161, 'User161@Example.org', NULL);
INSERT INTO public.account VALUES (162, 'User162@Example.org', NULL);
INSERT INTO public.account VALUES (163, 'User163@Example.org', NULL);
INSERT INTO public.account VALUES (164, 'User164@Example.org', NULL);
INSERT INTO public.account VALUES (165, 'User165@Example.org', NULL);
INSERT INTO public.account VALUES (166, 'User166@Example.org', NULL);
INSERT INTO public.account VALUES (167, 'User167@Example.org', NULL);
INSERT INTO public.account VALUES (168, 'User168@Example.org', NULL);
INSERT INTO public.account VALUES (169, 'User169@Example.org', NULL);
INSERT INTO public.account VALUES (170, 'User170@Example.org', NULL);
INSERT INTO public.account VALUES (171, 'User171@Example.org', NULL);
INSERT INTO public.account VALUES (172, 'User172@Example.org', NULL);
INSERT INTO public.account VALUES (173, 'User173@Example.org', NULL);
INSERT INTO public.account VALUES (174, 'User174@Example.org', NULL);
INSERT INTO public.account VALUES (175, 'User175@Example.org', NULL);
INSERT INTO public.account VALUES (176, 'User176@Example.org', NULL);
INSERT INTO public.account VALUES (177, 'User177@Example.org', NULL);
INSERT INTO public.account VALUES (178, 'User178@Example.org', NULL);
INSERT INTO public.account VALUES (179, 'User179@Example.org', NULL);
INSERT INTO public.account VALUES (180, 'User180@Example.org', NULL);
INSERT INTO public.account VALUES (181, 'User181@Example.org', NULL);
INSERT INTO public.account VALUES (182, 'User182@Example.org', NULL);
INSERT INTO public.account VALUES (183, 'User183@Example.org', NULL);
INSERT INTO public.account VALUES (184, 'User184@Example.org', NULL);
INSERT INTO public.account VALUES (185, 'User185@Example.org', NULL);
INSERT INTO public.account VALUES (186, 'User186@Example.org', NULL);
INSERT INTO public.account VALUES (187, 'User187@Example.org', NULL);
INSERT INTO public.account VALUES (188, 'User188@Example.org', NULL);
INSERT INTO public.account VALUES (189, 'User189@Example.org', NULL);
INSERT INTO public.account VALUES (190, 'User190@Example.org', NULL);
INSERT INTO public.account VALUES (191, 'User191@Example.org', NULL);
INSERT INTO public.account VALUES (192, 'User192@Example.org', NULL);
INSERT INTO public.account VALUES (193, 'User193@Example.org', NULL);
INSERT INTO public.account VALUES (194, 'User194@Example.org', NULL);
INSERT INTO public.account VALUES (195, 'User195@Example.org', NULL);
INSERT INTO public.account VALUES (196, 'User196@Example.org', NULL);
INSERT INTO public.account VALUES (197, 'User197@Example.org', NULL);
INSERT INTO public.account VALUES (198, 'User198@Example.org', NULL);
INSERT INTO public.account VALUES (199, 'User199@Example.org', NULL);
INSERT INTO public.account VALUES (200, 'NOBODY', NULL);
INSERT INTO public.account VALUES (1, 'User1@Example.org', 'user1@example.org');
INSERT INTO public.account VALUES (2, 'User2@Example.org', 'user2@example.org');
INSERT INTO public.account VALUES (3, 'User3@Example.org', 'user3@example.org');
INSERT INTO public.account VALUES (4, 'User4@Example.org', 'user4@example.org');
INSERT INTO public.account VALUES (5, 'User5@Example.org', 'user5@example.org');
INSERT INTO public.account VALUES (6, 'User6@Example.org', 'user6@example.org');
INSERT INTO public.account VALUES (7, 'User7@Example.org', 'user7@example.org');
INSERT INTO public.account VALUES (8, 'User8@Example.org', 'user8@example.org');
INSERT INTO public.account VALUES (9, 'User9@Example.org', 'user9@example.org');
INSERT INTO public.account VALUES (10, 'User10@Example.org', 'user10@example.org');
INSERT INTO public.account VALUES (11, 'User11@Example.org', 'user11@example.org');
INSERT INTO public.account VALUES (12, 'User12@Example.org', 'user12@example.org');
INSERT INTO public.account VALUES (13, 'User13@Example.org', 'user13@example.org');
INSERT INTO public.account VALUES (14, 'User14@Example.org', 'user14@example.org');
INSERT INTO public.account VALUES (15, 'User15@Example.org', 'user15@example.org');
INSERT INTO public.account VALUES (16, 'User16@Example.org', 'user16@example.org');
INSERT INTO public.account VALUES (17, 'User17@Example.org', 'user17@example.org');
INSERT INTO public.account VALUES (18, 'User18@Example.org', 'user18@example.org');
INSERT INTO public.account VALUES (19, 'User19@Example.org', 'user19@example.org');
INSERT INTO public.account VALUES (20, 'User20@Example.org', 'user20@example.org');
INSERT INTO public.account VALUES (21, 'User21@Example.org', 'user21@example.org');
INSERT INTO public.account VALUES (22, 'User22@Example.org', 'user22@example.org');
INSERT INTO public.account VALUES (23, 'User23@Example.org', 'user23@example.org');
INSERT INTO public.account VALUES (24, 'User24@Example.org', 'user24@example.org');
INSERT INTO public.account VALUES (25, 'User25@Example.org', 'user25@example.org');
INSERT INTO public.account VALUES (26, 'User26@Example.org', 'user26@example.org');
INSERT INTO public.account VALUES (27, 'User27@Example.org', 'user27@example.org');
INSERT INTO public.account VALUES (28, 'User28@Example.org', 'user28@example.org');
INSERT INTO public.account VALUES (29, 'User29@Example.org', 'user29@example.org');
INSERT INTO public.account VALUES (30, 'User30@Example.org', 'user30@example.org');
INSERT INTO public.account VALUES (31, 'User31@Example.org', 'user31@example.org');
INSERT INTO public.account VALUES (32, 'User32@Example.org', 'user32@example.org');
INSERT INTO public.account VALUES (33, 'User33@Example.org', 'user33@example.org');
INSERT INTO public.account VALUES (34, 'User34@Example.org', 'user34@example.org');
INSERT INTO public.account VALUES (35, 'User35@Example.org', 'user35@example.org');
INSERT INTO public.account VALUES (36, 'User36@Example.org', 'user36@example.org');
INSERT INTO public.account VALUES (37, 'User37@Example.org', 'user37@example.org');
INSERT INTO public.account VALUES (38, 'User38@Example.org', 'user38@example.org');
INSERT INTO public.account VALUES (39, 'User39@Example.org', 'user39@example.org');
INSERT INTO public.account VALUES (40, 'User40@Example.org', 'user40@example.org');
INSERT INTO public.account VALUES (41, 'User41@Example.org', 'user41@example.org');
INSERT INTO public.account VALUES (42, 'User42@Example.org', 'user42@example.org');
INSERT INTO public.account VALUES (43, 'User43@Example.org', 'user43@example.org');
INSERT INTO public.account VALUES (44, 'User44@Example.org', 'user44@example.org');
INSERT INTO public.account VALUES (45, 'User45@Example.org', 'user45@example.org');
INSERT INTO public.account VALUES (46, 'User46@Example.org', 'user46@example.org');
INSERT INTO public.account VALUES (47, 'User47@Example.org', 'user47@example.org');
INSERT INTO public.account VALUES (48, 'User48@Example.org', 'user48@example.org');
INSERT INTO public.account VALUES (49, 'User49@Example.org', 'user49@example.org');
INSERT INTO public.account VALUES (50, 'NOBODY', 'nobody');
INSERT INTO public.account VALUES (51, 'User51@Example.org', 'user51@example.org');
INSERT INTO public.account VALUES (52, 'User52@Example.org', 'user52@example.org');
INSERT INTO public.account VALUES (53, 'User53@Example.org', 'user53@example.org');
INSERT INTO public.account VALUES (54, 'User54@Example.org', 'user54@example.org');
INSERT INTO public.account VALUES (55, 'User55@Example.org', 'user55@example.org');
INSERT INTO public.account VALUES (56, 'User56@Example.org', 'user56@example.org');
INSERT INTO public.account VALUES (57, 'User57@Example.org', 'user57@example.org');
INSERT INTO public.account VALUES (58, 'User58@Example.org', 'user58@example.org');
INSERT INTO public.account VALUES (59, 'User59@Example.org', 'user59@example.org');
INSERT INTO public.account VALUES (60, 'User60@Example.org', 'user60@example.org');
INSERT INTO public.account VALUES (61, 'User61@Example.org', 'user61@example.org');
INSERT INTO public.account VALUES (62, 'User62@Example.org', 'user62@example.org');
INSERT INTO public.account VALUES (63, 'User63@Example.org', 'user63@example.org');
INSERT INTO public.account VALUES (64, 'User64@Example.org', 'user64@example.org');
INSERT INTO public.account VALUES (65, 'User65@Example.org', 'user65@example.org');
INSERT INTO public.account VALUES (66, 'User66@Example.org', 'user66@example.org');
INSERT INTO public.account VALUES (67, 'User67@Example.org', 'user67@example.org');
INSERT INTO public.account VALUES (68, 'User68@Example.org', 'user68@example.org');
INSERT INTO public.account VALUES (69, 'User69@Example.org', 'user69@example.org');
INSERT INTO public.account VALUES (70, 'User70@Example.org', 'user70@example.org');
INSERT INTO public.account VALUES (71, 'User71@Example.org', 'user71@example.org');
INSERT INTO public.account VALUES (72, 'User72@Example.org', 'user72@example.org');
INSERT INTO public.account VALUES (73, 'User73@Example.org', 'user73@example.org');
INSERT INTO public.account VALUES (74, 'User74@Example.org', 'user74@example.org');
INSERT INTO public.account VALUES (75, 'User75@Example.org', 'user75@example.org');
INSERT INTO public.account VALUES (76, 'User76@Example.org', 'user76@example.org');
INSERT INTO public.account VALUES (77, 'User77@Example.org', 'user77@example.org');
INSERT INTO public.account VALUES (78, 'User78@Example.org', 'user78@example.org');
INSERT INTO public.account VALUES (79, 'User79@Example.org', 'user79@example.org');
INSERT INTO public.account VALUES (80, 'User80@Example.org', 'user80@example.org');
INSERT INTO public.account VALUES (81, 'User81@Example.org', 'user81@example.org');
INSERT INTO public.account VALUES (82, 'User82@Example.org', 'user82@example.org');
INSERT INTO public.account VALUES (83, 'User83@Example.org', 'user83@example.org');
INSERT INTO public.account VALUES (84, 'User84@Example.org', 'user84@example.org');
INSERT INTO public.account VALUES (85, 'User85@Example.org', 'user85@example.org');
INSERT INTO public.account VALUES (86, 'User86@Example.org', 'user86@example.org');
INSERT INTO public.account VALUES (87, 'User87@Example.org', 'user87@example.org');
INSERT INTO public.account VALUES (88, 'User88@Example.org', 'user88@example.org');
INSERT INTO public.account VALUES (89, 'User89@Example.org', 'user89@example.org');
INSERT INTO public.account VALUES (90, 'User90@Example.org', 'user90@example.org');
INSERT INTO public.account VALUES (91, 'User91@Example.org', 'user91@example.org');
INSERT INTO public.account VALUES (92, 'User92@Example.org', 'user92@example.org');
INSERT INTO public.account VALUES (93, 'User93@Example.org', 'user93@example.org');
INSERT INTO public.account VALUES (94, 'User94@Example.org', 'user94@example.org');
INSERT INTO public.account VALUES (95, 'User95@Example.org', 'user95@example.org');
INSERT INTO public.account VALUES (96, 'User96@Example.org', 'user96@example.org');
INSERT INTO public.account VALUES (97, 'User97@Example.org', 'user97@example.org');
INSERT INTO public.account VALUES (98, 'User98@Example.org', 'user98@example.org');
INSERT INTO public.account VALUES (99, 'User99@Example.org', 'user99@example.org');
INSERT INTO public.account VALUES (100, 'NOBODY', 'nobody');
INSERT INTO public.account VALUES (101, 'User101@Example.org', 'user101@example.org');
INSERT INTO public.account VALUES (102, 'User102@Example.org', 'user102@example.org');
INSERT INTO public.account VALUES (103, 'User103@Example.org', 'user103@example.org');
INSERT INTO public.account VALUES (104, 'User104@Example.org', 'user104@example.org');
INSERT INTO public.account VALUES (105, 'User105@Example.org', 'user105@example.org');
INSERT INTO public.account VALUES (106, 'User106@Example.org', 'user106@example.org');
INSERT INTO public.account VALUES (107, 'User107@Example.org', 'user107@example.org');
INSERT INTO public.account VALUES (108, 'User108@Example.org', 'user108@example.org');
INSERT INTO public.account VALUES (109, 'User109@Example.org', 'user109@example.org');
INSERT INTO public.account VALUES (110, 'User110@Example.org', 'user110@example.org');
INSERT INTO public.account VALUES (111, 'User111@Example.org', 'user111@example.org');
INSERT INTO zdtui.checkpoint VALUES ('2a3b4288-10e3-4cfd-978b-13de6e6a2ee2', 'fill', 0, 'public.account', 'by key', '["111"]', '["200"]', 6, 111, 0, '2026-11-28 04:04:18.629457+00');
INSERT INTO zdtui.event VALUES ('2a3b4288-10e3-4cfd-978b-13de6e6a2ee2', 1, '2026-11-28 04:04:18.459966+00', 'tester@here as zdtui', 'run opened', NULL, '{"kind": "run opened", "server": "socket:23504", "database": "killed", "step_ids": ["not-there-yet", "add", "index", "fill", "copy", "all-there", "deploy", "soak", "require"], "plan_name": "upgrade", "plan_path": "plan.yaml", "plan_text": "# A run of this plan was begun with older versions (`begin.py`); `tests/integration/run/test_upgrade.py` goes on with it.\n# So it holds only what the first version knew, and is not changed any more: its text is in those journals.\nzdtui: 1\nname: upgrade\ntitle: Give accounts a normalised email\ntarget: {environment: staging}\nguards: {replication_lag: none, blocked_sessions: none, oldest_transaction: none}\ndefaults: {lock_timeout: 100ms, retries: 3}\nsteps:\n  - id: not-there-yet\n    title: The column is not there yet\n    phase: expand\n    check: |\n      SELECT NOT EXISTS (SELECT FROM pg_attribute\n       WHERE attrelid = ''account''::regclass AND attname = ''email_key'' AND NOT attisdropped)\n    rollback: {none: it only looks}\n\n  - id: add\n    title: Add the column\n    phase: expand\n    sql: |\n      ALTER TABLE account ADD COLUMN email_key text;\n      CREATE TABLE account_email (id int PRIMARY KEY, email text NOT NULL CHECK (email LIKE ''%@%''));\n    rollback: |\n      DROP TABLE account_email;\n      ALTER TABLE account DROP COLUMN email_key;\n\n  - id: index\n    title: Index it beside the traffic\n    phase: expand\n    sql: CREATE INDEX CONCURRENTLY account_email_key_idx ON account (email_key)\n    rollback: DROP INDEX CONCURRENTLY account_email_key_idx\n\n  - id: fill\n    title: Fill it\n    phase: backfill\n    backfill:\n      table: account\n      set: {email_key: lower(email)}\n      where: email_key IS NULL\n      batch_rows: 20\n      max_batch_rows: 20\n    rollback: UPDATE account SET email_key = NULL\n\n  - id: copy\n    title: Copy what is an address\n    phase: backfill\n    copy:\n      from: account\n      into: account_email\n      columns: {id: id, email: email_key}\n      where: email_key LIKE ''%@%''\n    rollback: DELETE FROM account_email\n\n  - id: all-there\n    title: Every row has its key\n    phase: verify\n    check: SELECT NOT EXISTS (SELECT FROM account WHERE email_key IS DISTINCT FROM lower(email))\n    rollback: {none: it only looks}\n\n  - id: deploy\n    title: Deploy what reads the new column\n    phase: switch\n    manual: Deploy the release that reads email_key.\n    rollback: {none: the former release still finds email}\n\n  - id: soak\n    title: Soak\n    phase: switch\n    wait: 1s\n    rollback: {none: only time passed}\n\n  - id: require\n    title: No row without its key from now on\n    phase: contract\n    sql: ALTER TABLE account ADD CONSTRAINT account_email_key_given CHECK (email_key IS NOT NULL) NOT VALID\n    rollback: ALTER TABLE account DROP CONSTRAINT account_email_key_given\n", "plan_title": "Give accounts a normalised email", "environment": "staging", "plan_digest": "27c8ee983207c22ebedd30230bad9dfdee6b46a2b99d3051dbf2fe9a6c4c10de", "zdtui_version": "0.1.0", "server_version": 160014, "system_identifier": "7713068289570769115"}');
INSERT INTO zdtui.event VALUES ('2a3b4288-10e3-4cfd-978b-13de6e6a2ee2', 2, '2026-11-28 04:04:18.461536+00', 'tester@here as zdtui', 'console joined', NULL, '{"pid": 10565, "kind": "console joined", "client": "zdtui 0.1.0"}');
INSERT INTO zdtui.event VALUES ('2a3b4288-10e3-4cfd-978b-13de6e6a2ee2', 3, '2026-11-28 04:04:18.46363+00', 'tester@here as zdtui', 'step started', 'not-there-yet', '{"kind": "step started", "step": "not-there-yet", "attempt": 1, "direction": "forward", "sql_digest": "d8837bbdadb3c1403f6537f786bf70eb198578961b02993d22196e0c7a6c5799", "confirmed_by": "not-there-yet"}');
INSERT INTO zdtui.event VALUES ('2a3b4288-10e3-4cfd-978b-13de6e6a2ee2', 4, '2026-11-28 04:04:18.477497+00', 'tester@here as zdtui', 'step succeeded', 'not-there-yet', '{"kind": "step succeeded", "note": "", "rows": null, "step": "not-there-yet", "seconds": 0.013846283000020776, "victims": 0, "lock_seconds": 0.0, "victim_seconds": 0.0}');
INSERT INTO zdtui.event VALUES ('2a3b4288-10e3-4cfd-978b-13de6e6a2ee2', 5, '2026-11-28 04:04:18.478294+00', 'tester@here as zdtui', 'step started', 'add', '{"kind": "step started", "step": "add", "attempt": 1, "direction": "forward", "sql_digest": "cd35c761290fc6bf7eab817a359d4b384a40a132536685ee3481373c74b87da5", "confirmed_by": "add"}');
INSERT INTO zdtui.event VALUES ('2a3b4288-10e3-4cfd-978b-13de6e6a2ee2', 10, '2026-11-28 04:04:18.520172+00', 'tester@here as zdtui', 'step succeeded', 'add', '{"kind": "step succeeded", "note": "", "rows": null, "step": "add", "seconds": 0.04187190599986934, "victims": 0, "lock_seconds": 0.001968930000657565, "victim_seconds": 0.0}');
INSERT INTO zdtui.event VALUES ('2a3b4288-10e3-4cfd-978b-13de6e6a2ee2', 6, '2026-11-28 04:04:18.49193+00', 'tester@here as zdtui', 'statement sent', 'add', '{"pid": 10565, "sql": "ALTER TABLE account ADD COLUMN email_key text", "kind": "statement sent", "step": "add", "index": 0, "transactional": true}');
INSERT INTO zdtui.event VALUES ('2a3b4288-10e3-4cfd-978b-13de6e6a2ee2', 7, '2026-11-28 04:04:18.500555+00', 'tester@here as zdtui', 'statement finished', 'add', '{"kind": "statement finished", "rows": null, "step": "add", "index": 0, "seconds": 0.004081614000824629, "transactional": true}');
INSERT INTO zdtui.event VALUES ('2a3b4288-10e3-4cfd-978b-13de6e6a2ee2', 8, '2026-11-28 04:04:18.500633+00', 'tester@here as zdtui', 'statement sent', 'add', '{"pid": 10565, "sql": "CREATE TABLE account_email (id int PRIMARY KEY, email text NOT NULL CHECK (email LIKE ''%@%''))", "kind": "statement sent", "step": "add", "index": 1, "transactional": true}');
INSERT INTO zdtui.event VALUES ('2a3b4288-10e3-4cfd-978b-13de6e6a2ee2', 9, '2026-11-28 04:04:18.520087+00', 'tester@here as zdtui', 'statement finished', 'add', '{"kind": "statement finished", "rows": null, "step": "add", "index": 1, "seconds": 0.01941390499996487, "transactional": true}');
INSERT INTO zdtui.event VALUES ('2a3b4288-10e3-4cfd-978b-13de6e6a2ee2', 11, '2026-11-28 04:04:18.526672+00', 'tester@here as zdtui', 'step started', 'index', '{"kind": "step started", "step": "index", "attempt": 1, "direction": "forward", "sql_digest": "0a8337fd5578cfb73bade319f03c06eac6ba4d9055257e82d98190681315f4d8", "confirmed_by": "index"}');
INSERT INTO zdtui.event VALUES ('2a3b4288-10e3-4cfd-978b-13de6e6a2ee2', 12, '2026-11-28 04:04:18.533508+00', 'tester@here as zdtui', 'statement sent', 'index', '{"pid": 10565, "sql": "CREATE INDEX CONCURRENTLY account_email_key_idx ON account (email_key)", "kind": "statement sent", "step": "index", "index": 0, "transactional": false}');
INSERT INTO zdtui.event VALUES ('2a3b4288-10e3-4cfd-978b-13de6e6a2ee2', 13, '2026-11-28 04:04:18.539336+00', 'tester@here as zdtui', 'statement finished', 'index', '{"kind": "statement finished", "rows": null, "step": "index", "index": 0, "seconds": 0.004101824000827037, "transactional": false}');
INSERT INTO zdtui.event VALUES ('2a3b4288-10e3-4cfd-978b-13de6e6a2ee2', 14, '2026-11-28 04:04:18.540654+00', 'tester@here as zdtui', 'step succeeded', 'index', '{"kind": "step succeeded", "note": "", "rows": null, "step": "index", "seconds": 0.013969446999908541, "victims": 0, "lock_seconds": 0.0, "victim_seconds": 0.0}');
INSERT INTO zdtui.event VALUES ('2a3b4288-10e3-4cfd-978b-13de6e6a2ee2', 15, '2026-11-28 04:04:18.546253+00', 'tester@here as zdtui', 'step started', 'fill', '{"kind": "step started", "step": "fill", "attempt": 1, "direction": "forward", "sql_digest": "de6f32485dd9b5824bedaf3d3865ada653dc611f9802c24a2c8b2e03957e9977", "confirmed_by": "fill"}');
ALTER TABLE ONLY public.account_email
    ADD CONSTRAINT account_email_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);
ALTER TABLE ONLY zdtui.checkpoint
    ADD CONSTRAINT checkpoint_pkey PRIMARY KEY (run, step, lane);
ALTER TABLE ONLY zdtui.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (run, sequence);
ALTER TABLE ONLY zdtui.rejected
    ADD CONSTRAINT rejected_pkey PRIMARY KEY (run, step, part, key, reason);
CREATE INDEX account_email_key_idx ON public.account USING btree (email_key);
