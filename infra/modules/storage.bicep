// Three storage accounts: the archive, which never expires; the files of the Functions runtime; and the volumes of the container apps.
param location string
param tags object
param token string
param sku string
param feed string
param functionsPrincipalId string
param capturePrincipalId string

var blobOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var blobContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var queueContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
var tableContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
var shareNames = ['collector-${feed}', 'nats-1', 'nats-2', 'nats-3']

resource archive 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: 'starc${token}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource archiveBlobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: archive
  name: 'default'
  properties: {
    // A deleted file can be restored for a month. Files of the archive are never deleted; the lake deletes files that it has merged.
    deleteRetentionPolicy: {
      enabled: true
      days: 30
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 30
    }
  }
}

resource archiveContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: archiveBlobs
  name: 'archive-${feed}'
  properties: {
    publicAccess: 'None'
  }
}

// The container of the lake, which the functions write if the lake is enabled.
resource lakeContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: archiveBlobs
  name: 'lake-${feed}'
  properties: {
    publicAccess: 'None'
  }
}

resource lakeWrites 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(lakeContainer.id, functionsPrincipalId, blobContributor)
  scope: lakeContainer
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobContributor)
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Data older than a month is rarely read, so it moves to a cheaper tier. No rule deletes data: the archive never expires.
resource archiveTiers 'Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01' = {
  parent: archive
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'cool-after-a-month'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['archive-']
            }
            actions: {
              baseBlob: {
                tierToCool: {
                  daysAfterModificationGreaterThan: 30
                }
              }
            }
          }
        }
      ]
    }
  }
}

resource captureWrites 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(archive.id, capturePrincipalId, blobContributor)
  scope: archive
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobContributor)
    principalId: capturePrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource host 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: 'stfun${token}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource hostBlobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: host
  name: 'default'
}

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: hostBlobs
  name: 'packages'
  properties: {
    publicAccess: 'None'
  }
}

// The Functions runtime stores checkpoints, timer leases and the deployment package in this account.
resource hostRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in [blobOwner, queueContributor, tableContributor]: {
  name: guid(host.id, functionsPrincipalId, role)
  scope: host
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
  }
}]

// The only account with keys enabled: container apps can mount file shares only with an account key. The key is used only within the deployment.
resource files 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: 'stvol${token}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource fileService 'Microsoft.Storage/storageAccounts/fileServices@2025-06-01' = {
  parent: files
  name: 'default'
}

resource shares 'Microsoft.Storage/storageAccounts/fileServices/shares@2025-06-01' = [for name in shareNames: {
  parent: fileService
  name: name
  properties: {
    // In GiB. The collector's spool uses at most 10 GiB (Collector__SpoolMaxBytes).
    shareQuota: startsWith(name, 'collector-') ? 32 : 8
    enabledProtocols: 'SMB'
  }
}]

output archiveAccountId string = archive.id
output archiveContainer string = archiveContainer.name
output archiveUrl string = '${archive.properties.primaryEndpoints.blob}${archiveContainer.name}'
output lakeUrl string = '${archive.properties.primaryEndpoints.blob}${lakeContainer.name}'
output hostAccountName string = host.name
output packageContainer string = packages.name
output filesAccountName string = files.name
output shares array = [for (name, i) in shareNames: shares[i].name]
