// What is in the vault. The first names of each pair are those that main.parameters.json reads back; the services are given the second ones.
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

// 15 random letters and digits from azd, made long enough for a key.
var hubWriterKey = '${hubWriterSeed}-${guid(hubWriterSeed, 'writer')}'
var hubReaderKey = '${hubReaderSeed}-${guid(hubReaderSeed, 'reader')}'
var natsLogins = map(natsServers, server => 'tls://cloudticks:${natsPassword}@${server}')
// The certificate is its own authority. It names the cluster, because the names of its servers are not known before it is made.
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

// A login for each role of the database (docs/timescale.md); the administrator's own is for the job that makes them.
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

// Each program reads what it is given, and nothing else of the vault.
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
