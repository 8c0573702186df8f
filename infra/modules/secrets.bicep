// What is in the vault. The first names of each pair are those that main.parameters.json reads back; the services are given the second ones.
param vaultName string
@secure()
param polygonApiKey string
@secure()
param postgresPassword string
param postgresConnection string
@secure()
param natsPassword string
param natsServers array
@secure()
param hubWriterSeed string
@secure()
param hubReaderSeed string
@secure()
param simulatorKey string

// 15 random letters and digits from azd, made long enough for a key.
var hubWriterKey = '${hubWriterSeed}-${guid(hubWriterSeed, 'writer')}'
var hubReaderKey = '${hubReaderSeed}-${guid(hubReaderSeed, 'reader')}'
var natsLogins = map(natsServers, server => 'nats://cloudticks:${natsPassword}@${server}')

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

resource timescale 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'timescale-connection'
  properties: {
    value: '${postgresConnection};Password=${postgresPassword}'
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
    value: join(natsLogins, ',')
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

output names object = {
  polygon: 'polygon-api-key'
  timescale: timescale.name
  nats: natsConnection.name
  hubWriter: writer.name
  hubReader: reader.name
  simulator: simulator.name
}
