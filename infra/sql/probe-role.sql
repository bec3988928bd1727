-- A role that can do exactly what the probe's checks need, and nothing else.
--
--   psql --dbname caluma --set password='…' --file infra/sql/probe-role.sql
--
-- Run it in Caluma's database as its owner or as a superuser, with psql; run it again to change the password. For Microsoft
-- Entra ID, create the role with pgaadauth_create_principal first and leave the password out.

\set ON_ERROR_STOP on
\if :{?role}
\else
  \set role healthz
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

-- database migrations
GRANT SELECT ON django_migrations TO :"role";

-- database models: one row that is gone before anybody can see it. Column by column, because query and variables hold what
-- users have asked, which is none of the probe's business.
GRANT INSERT ("timestamp", query, selection, status_code, has_error, operation) ON caluma_logging_accesslog TO :"role";
GRANT SELECT (id, selection, status_code, has_error, operation) ON caluma_logging_accesslog TO :"role";
GRANT UPDATE (selection, status_code, has_error, operation) ON caluma_logging_accesslog TO :"role";
GRANT DELETE ON caluma_logging_accesslog TO :"role";
GRANT USAGE ON SEQUENCE caluma_logging_accesslog_id_seq TO :"role";

COMMIT;
