// By which several collectors share symbols: its partitions are the connections that the account may have, and nothing is ever written to it. So it
// is not captured.
param eventHubsHost string
param group string
param connections int

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' existing = {
  name: split(eventHubsHost, '.')[0]
}

resource control 'Microsoft.EventHub/namespaces/eventhubs@2024-01-01' = {
  parent: namespace
  name: 'collector_control.${group}'
  properties: {
    partitionCount: connections
    retentionDescription: {
      cleanupPolicy: 'Delete'
      retentionTimeInHours: 1
    }
  }
}
