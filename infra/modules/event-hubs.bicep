// The Event Hubs namespace with its event hubs, which the services use over the Kafka protocol and AMQP. Capture stores all records as Avro files.
param location string
param tags object
param token string
param feed string
param throughputUnits int
param maximumThroughputUnits int
param streamHours int
param archiveAccountId string
param archiveContainer string
param captureIdentityId string
param clientPrincipalIds array
param readerPrincipalIds array

var sender = '2b629674-e913-4c01-ae53-ef4638d8f975'
var receiver = 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde'

// A symbol's partition is murmur2 of its name modulo this number, which therefore never changes. 32 is the maximum of the tier.
var archivePartitions = 32
var capture = {
  enabled: true
  encoding: 'Avro'
  intervalInSeconds: 300
  sizeLimitInBytes: 314572800
  skipEmptyArchives: true
  destination: {
    name: 'EventHubArchive.AzureBlockBlob'
    identity: {
      type: 'UserAssigned'
      userAssignedIdentity: captureIdentityId
    }
    properties: {
      storageAccountResourceId: archiveAccountId
      blobContainer: archiveContainer
      archiveNameFormat: '{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}'
    }
  }
}

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' = {
  name: 'evhns-${token}-${feed}'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Standard'
    capacity: throughputUnits
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${captureIdentityId}': {}
    }
  }
  properties: {
    kafkaEnabled: true
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    isAutoInflateEnabled: true
    maximumThroughputUnits: maximumThroughputUnits
  }
}

resource tickArchive 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' = {
  parent: namespace
  name: 'tick_archive'
  properties: {
    partitionCount: archivePartitions
    retentionDescription: {
      cleanupPolicy: 'Delete'
      retentionTimeInHours: streamHours
    }
    captureDescription: capture
  }
}

resource timescaleGroup 'Microsoft.EventHub/namespaces/eventhubs/consumergroups@2024-01-01' = {
  parent: tickArchive
  name: 'timescale'
}

resource natsGroup 'Microsoft.EventHub/namespaces/eventhubs/consumergroups@2024-01-01' = {
  parent: tickArchive
  name: 'nats'
}

resource deadLetters 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' = {
  parent: namespace
  name: 'tick_archive.dead'
  properties: {
    partitionCount: 1
    retentionDescription: {
      cleanupPolicy: 'Delete'
      retentionTimeInHours: streamHours
    }
    captureDescription: capture
  }
}

// These clients both write and read: at startup the collector reads which feed the archive belongs to; the functions write dead letters and commands.
resource senders 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for principalId in clientPrincipalIds: {
  name: guid(namespace.id, principalId, sender)
  scope: namespace
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', sender)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}]

resource receivers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for principalId in concat(clientPrincipalIds, readerPrincipalIds): {
  name: guid(namespace.id, principalId, receiver)
  scope: namespace
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', receiver)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}]

output id string = namespace.id
output host string = '${namespace.name}.servicebus.windows.net'
