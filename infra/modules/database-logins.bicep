// A job that creates a login for each database role. It runs inside the network, because the database has no public address.
// The hook prepare-database starts it. It can run repeatedly.
param location string
param tags object
param environmentId string
param host string
param database string
param administrator string
param logins object
@secure()
param administratorPassword string
@secure()
param ownerPassword string
@secure()
param writerPassword string
@secure()
param readerPassword string

// The functions assign the roles to the logins when they migrate the schema (docs/timescale.md). Creating the extension fails until the server
// has restarted with TimescaleDB, so the job retries all statements.
var statements = '''
\getenv owner OWNER
\getenv writer WRITER
\getenv reader READER
\getenv owner_secret OWNER_PASSWORD
\getenv writer_secret WRITER_PASSWORD
\getenv reader_secret READER_PASSWORD
SELECT format('CREATE ROLE %I LOGIN', name) FROM (VALUES (:'owner'), (:'writer'), (:'reader')) AS login (name)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE :"owner" CREATEROLE PASSWORD :'owner_secret';
ALTER ROLE :"writer" PASSWORD :'writer_secret';
ALTER ROLE :"reader" PASSWORD :'reader_secret';
GRANT :"owner" TO CURRENT_USER;
CREATE EXTENSION IF NOT EXISTS timescaledb;
ALTER DATABASE :"DBNAME" OWNER TO :"owner";
'''

resource job 'Microsoft.App/jobs@2025-01-01' = {
  name: 'database-logins'
  location: location
  tags: tags
  properties: {
    environmentId: environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      triggerType: 'Manual'
      replicaTimeout: 1800
      replicaRetryLimit: 1
      manualTriggerConfig: {
        parallelism: 1
        replicaCompletionCount: 1
      }
      secrets: [
        {
          name: 'administrator'
          value: administratorPassword
        }
        {
          name: 'owner'
          value: ownerPassword
        }
        {
          name: 'writer'
          value: writerPassword
        }
        {
          name: 'reader'
          value: readerPassword
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'psql'
          image: 'docker.io/library/postgres:17-alpine@sha256:742f40ea20b9ff2ff31db5458d127452988a2164df9e17441e191f3b72252193'
          command: ['sh', '-c', 'until printf "%s" "$STATEMENTS" | psql --no-psqlrc --quiet --set ON_ERROR_STOP=1; do sleep 10; done']
          env: [
            {
              name: 'STATEMENTS'
              value: statements
            }
            {
              name: 'PGHOST'
              value: host
            }
            {
              name: 'PGDATABASE'
              value: database
            }
            {
              name: 'PGUSER'
              value: administrator
            }
            {
              name: 'PGPASSWORD'
              secretRef: 'administrator'
            }
            {
              name: 'PGSSLMODE'
              value: 'require'
            }
            {
              name: 'OWNER'
              value: logins.owner
            }
            {
              name: 'WRITER'
              value: logins.writer
            }
            {
              name: 'READER'
              value: logins.reader
            }
            {
              name: 'OWNER_PASSWORD'
              secretRef: 'owner'
            }
            {
              name: 'WRITER_PASSWORD'
              secretRef: 'writer'
            }
            {
              name: 'READER_PASSWORD'
              secretRef: 'reader'
            }
          ]
          resources: {
            cpu: json('0.25')
            memory: '0.5Gi'
          }
        }
      ]
    }
  }
}

output id string = job.id
