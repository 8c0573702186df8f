// The environment of the container apps. It is inside the network, so that NATS and telemetry are not reachable from the internet.
param location string
param tags object
param token string
param subnetId string
param workspaceId string
param filesAccountName string
param shares array

resource files 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: filesAccountName
}

resource appsEnvironment 'Microsoft.App/managedEnvironments@2025-01-01' = {
  name: 'cae-${token}'
  location: location
  tags: tags
  properties: {
    appLogsConfiguration: {
      destination: 'azure-monitor'
    }
    vnetConfiguration: {
      infrastructureSubnetId: subnetId
      internal: true
    }
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
  }
}

// Diagnostic settings need no workspace key.
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: appsEnvironment
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}

resource volumes 'Microsoft.App/managedEnvironments/storages@2025-01-01' = [for share in shares: {
  parent: appsEnvironment
  name: share
  properties: {
    azureFile: {
      accountName: files.name
      accountKey: files.listKeys().keys[0].value
      shareName: share
      accessMode: 'ReadWrite'
    }
  }
}]

output environmentId string = appsEnvironment.id
output defaultDomain string = appsEnvironment.properties.defaultDomain
output staticIp string = appsEnvironment.properties.staticIp
