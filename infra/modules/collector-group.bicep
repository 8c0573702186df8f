// The event hub through which several collectors share symbols: it has one partition per connection that the account allows.
// Nothing is ever written to it, so it is not captured.
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
