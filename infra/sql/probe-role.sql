-- A role that can do exactly what the probe's checks need, and nothing else.
--
--   psql --dbname caluma --set password='…' --file infra/sql/probe-role.sql
--
-- Run it in Caluma's database as its owner or as a superuser, with psql; run it again to change the password, or after Caluma has
-- been migrated for the first time. For Microsoft Entra ID, create the role with pgaadauth_create_principal first and leave the
-- password out. Caluma's tables are found in whatever schema they are; where several schemas have them: --set schema=…

\set ON_ERROR_STOP on
\if :{?role}
\else
  \set role healthz
\endif

\if :{?schema}
\else
-- The one on the search path, or the only one there is.
SELECT coalesce(
    (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass('django_migrations')),
    (SELECT CASE WHEN count(*) = 1 THEN min(n.nspname) END FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relname = 'django_migrations' AND c.relkind IN ('r', 'p')),
    '') AS schema \gset
\endif

SELECT to_regclass(format('%I.django_migrations', :'schema')) IS NOT NULL AS found,
       to_regclass(format('%I.caluma_logging_accesslog', :'schema')) IS NOT NULL AS has_access_log,
       to_regclass(format('%I.django_content_type', :'schema')) IS NOT NULL AS has_content_types,
       :'schema' = 'public' AS is_public \gset
\if :found
\else
  DO $$ BEGIN RAISE EXCEPTION 'no schema has django_migrations, or several have: migrate Caluma first, or name the schema with --set schema=…'; END $$;
\endif

BEGIN;

SELECT format('CREATE ROLE %I LOGIN NOINHERIT', :'role')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec

\if :{?password}
ALTER ROLE :"role" PASSWORD :'password';
\endif

-- Monitoring that takes up all connections would be its own outage.
ALTER ROLE :"role" CONNECTION LIMIT 10;

-- databases
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), :'role') \gexec

-- Where the tables are: the right to look there, which PUBLIC has for public unless it was revoked, and where to look first.
GRANT USAGE ON SCHEMA :"schema" TO :"role";
\if :is_public
\else
SELECT format('ALTER ROLE %I IN DATABASE %I SET search_path = %I', :'role', current_database(), :'schema') \gexec
\endif

-- database migrations
GRANT SELECT ON :"schema".django_migrations TO :"role";

-- database models: one row that is gone before anybody can see it. Column by column, because query and variables hold what
-- users have asked, which is none of the probe's business.
\if :has_access_log
GRANT INSERT ("timestamp", query, selection, status_code, has_error, operation) ON :"schema".caluma_logging_accesslog TO :"role";
GRANT SELECT (id, selection, status_code, has_error, operation) ON :"schema".caluma_logging_accesslog TO :"role";
GRANT UPDATE (selection, status_code, has_error, operation) ON :"schema".caluma_logging_accesslog TO :"role";
GRANT DELETE ON :"schema".caluma_logging_accesslog TO :"role";
SELECT format('GRANT USAGE ON SEQUENCE %s TO %I', sequence, :'role')
FROM pg_get_serial_sequence(format('%I.caluma_logging_accesslog', :'schema'), 'id') sequence WHERE sequence IS NOT NULL \gexec
\elif :has_content_types
-- A Caluma without access log: before 6.7.0, or as a library without caluma.caluma_logging.
GRANT INSERT (app_label, model), SELECT (app_label, model), UPDATE (model), DELETE ON :"schema".django_content_type TO :"role";
SELECT format('GRANT USAGE ON SEQUENCE %s TO %I', sequence, :'role')
FROM pg_get_serial_sequence(format('%I.django_content_type', :'schema'), 'id') sequence WHERE sequence IS NOT NULL \gexec
\endif

COMMIT;
