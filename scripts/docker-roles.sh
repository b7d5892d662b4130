#!/bin/bash
# Run by PostgreSQL's image when it makes the database: the two roles beside the owner, with their passwords.
# The migrations find them and leave them as they are.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set engine="$ENGINE_PASSWORD" --set feed="$FEED_PASSWORD" <<'SQL'
CREATE ROLE motcua_engine LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'engine';
CREATE ROLE motcua_feed LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'feed';
SQL
