// A cluster of three core NATS servers. Each is a separate app, because replicas of one app have no names with which they could connect to each other.
param location string
param tags object
param environmentId string
param defaultDomain string
param identity object
param vaultName string
param vaultUri string
param certificate string
@secure()
param key string
@secure()
param password string
param resources object

var nodes = ['nats-1', 'nats-2', 'nats-3']
// Exposed TCP ports must be unique within an environment, so each node has its own.
var firstPort = 4222

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

// Certificate and private key in one PEM file. If the key is empty, the stored secret is kept.
resource tls 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = if (!empty(key)) {
  parent: vault
  name: 'nats-tls'
  properties: {
    value: '${base64ToString(certificate)}${base64ToString(key)}'
  }
}

module readTls 'secret-readers.bicep' = {
  name: 'readNatsTls'
  params: { vaultName: vault.name, secretName: tls.name, principalIds: [identity.principalId] }
}

module node 'nats-node.bicep' = [for (name, i) in nodes: {
  name: name
  params: {
    location: location
    tags: tags
    environmentId: environmentId
    name: name
    others: filter(nodes, other => other != name)
    exposedPort: firstPort + i
    identityId: identity.id
    tlsSecretUrl: '${vaultUri}secrets/nats-tls'
    password: password
    resources: resources
  }
  dependsOn: [readTls]
}]

output servers array = [for (name, i) in nodes: '${name}.${defaultDomain}:${firstPort + i}']
