// The secrets in the vault. main.parameters.json reads the generated passwords back from the vault; the services get whole connection strings and keys.
param vaultName string
@secure()
param polygonApiKey string
@secure()
param postgresPassword string
@secure()
param databaseOwnerPassword string
@secure()
param databaseWriterPassword string
@secure()
param databaseReaderPassword string
param postgresConnection string
param databaseLogins object
@secure()
param natsPassword string
param natsServers array
param natsCertificate string
@secure()
param hubWriterSeed string
@secure()
param hubReaderSeed string
@secure()
param simulatorKey string
param hasPolygonKey bool
param isSimulated bool
param collectorPrincipalId string
param functionsPrincipalId string
param dashboardPrincipalId string
param relayPrincipalId string
param simulatorPrincipalId string

// azd generates a seed of only 15 random letters and digits, so each key adds a GUID to its seed.
var hubWriterKey = '${hubWriterSeed}-${guid(hubWriterSeed, 'writer')}'
var hubReaderKey = '${hubReaderSeed}-${guid(hubReaderSeed, 'reader')}'
var natsLogins = map(natsServers, server => 'tls://cloudticks:${natsPassword}@${server}')
// The certificate is self-signed. It has the name of the cluster, because it is created before the names of the servers are known.
var natsTrust = '?ca=${uriComponent(base64ToString(natsCertificate))}&name=cloudticks-nats'

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

resource polygon 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (!empty(polygonApiKey)) {
  parent: vault
  name: 'polygon-api-key'
  properties: {
    value: polygonApiKey
  }
}

resource postgres 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'postgres-password'
  properties: {
    value: postgresPassword
  }
}

resource ownerPassword 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'database-owner-password'
  properties: {
    value: databaseOwnerPassword
  }
}

resource writerPassword 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'database-writer-password'
  properties: {
    value: databaseWriterPassword
  }
}

resource readerPassword 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'database-reader-password'
  properties: {
    value: databaseReaderPassword
  }
}

// One login per database role (docs/timescale.md). Only the job that creates these logins uses the administrator's login.
resource timescaleOwner 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'timescale-owner-connection'
  properties: {
    value: '${postgresConnection};Username=${databaseLogins.owner};Password=${databaseOwnerPassword}'
  }
}

resource timescale 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'timescale-connection'
  properties: {
    value: '${postgresConnection};Username=${databaseLogins.writer};Password=${databaseWriterPassword}'
  }
}

resource timescaleReader 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'timescale-reader-connection'
  properties: {
    value: '${postgresConnection};Username=${databaseLogins.reader};Password=${databaseReaderPassword}'
  }
}

resource nats 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'nats-password'
  properties: {
    value: natsPassword
  }
}

resource natsConnection 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'nats-connection'
  properties: {
    value: '${join(natsLogins, ',')}${natsTrust}'
  }
}

resource writerSeed 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'hub-writer-seed'
  properties: {
    value: hubWriterSeed
  }
}

resource writer 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'hub-writer-key'
  properties: {
    value: hubWriterKey
  }
}

resource readerSeed 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'hub-reader-seed'
  properties: {
    value: hubReaderSeed
  }
}

resource reader 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'hub-reader-key'
  properties: {
    value: hubReaderKey
  }
}

resource simulator 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'simulator-key'
  properties: {
    value: simulatorKey
  }
}

// Each program can read only the secrets that it uses.
module readPolygon 'secret-readers.bicep' = if (hasPolygonKey && !isSimulated) {
  name: 'readPolygon'
  params: { vaultName: vault.name, secretName: polygon.name, principalIds: [collectorPrincipalId] }
}

module readTimescaleOwner 'secret-readers.bicep' = {
  name: 'readTimescaleOwner'
  params: { vaultName: vault.name, secretName: timescaleOwner.name, principalIds: [functionsPrincipalId] }
}

module readTimescale 'secret-readers.bicep' = {
  name: 'readTimescale'
  params: { vaultName: vault.name, secretName: timescale.name, principalIds: [functionsPrincipalId] }
}

module readTimescaleReader 'secret-readers.bicep' = {
  name: 'readTimescaleReader'
  params: { vaultName: vault.name, secretName: timescaleReader.name, principalIds: [functionsPrincipalId, relayPrincipalId] }
}

module readNats 'secret-readers.bicep' = {
  name: 'readNats'
  params: { vaultName: vault.name, secretName: natsConnection.name, principalIds: [collectorPrincipalId, functionsPrincipalId, dashboardPrincipalId, relayPrincipalId] }
}

module readHubWriter 'secret-readers.bicep' = {
  name: 'readHubWriter'
  params: { vaultName: vault.name, secretName: writer.name, principalIds: [functionsPrincipalId] }
}

module readHubReader 'secret-readers.bicep' = {
  name: 'readHubReader'
  params: { vaultName: vault.name, secretName: reader.name, principalIds: [collectorPrincipalId, functionsPrincipalId, dashboardPrincipalId, relayPrincipalId] }
}

module readSimulator 'secret-readers.bicep' = {
  name: 'readSimulator'
  params: { vaultName: vault.name, secretName: simulator.name, principalIds: isSimulated ? [collectorPrincipalId, simulatorPrincipalId] : [simulatorPrincipalId] }
}

output names object = {
  polygon: 'polygon-api-key'
  timescaleOwner: timescaleOwner.name
  timescale: timescale.name
  timescaleReader: timescaleReader.name
  nats: natsConnection.name
  hubWriter: writer.name
  hubReader: reader.name
  simulator: simulator.name
}
