// The functions: an isolated worker on .NET 10 in a Flex Consumption plan, connected to the network.
param location string
param tags object
param token string
param feed string
param memoryMB int
param isAlwaysReady bool
param identity object
param subnetId string
param hostAccountName string
param packageContainer string
param insightsName string
param eventHubsHost string
param throughputUnits int
param telemetryEndpoint string
param vaultUri string
param secretNames object

@description('Address of the lake of Parquet files; empty for no lake.')
param lakeAddress string

resource host 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostAccountName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'plan-${token}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: 'func-${token}'
  location: location
  tags: union(tags, { 'azd-service-name': 'functions' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: subnetId
    siteConfig: {
      minTlsVersion: '1.2'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${host.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      // Each function that reads the stream scales to at most 32 instances, one per partition; each other function to one or two.
      scaleAndConcurrency: {
        maximumInstanceCount: 100
        instanceMemoryMB: memoryMB
        alwaysReady: isAlwaysReady ? [
          {
            name: 'http'
            instanceCount: 1
          }
          {
            name: 'function:StoreTicks'
            instanceCount: 1
          }
          {
            name: 'function:PublishTicks'
            instanceCount: 1
          }
        ] : []
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
    }
  }
}

// A separate resource: the settings contain the address of the app, which is known only after the app was created.
resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: {
    AzureWebJobsStorage__blobServiceUri: host.properties.primaryEndpoints.blob
    AzureWebJobsStorage__queueServiceUri: host.properties.primaryEndpoints.queue
    AzureWebJobsStorage__tableServiceUri: host.properties.primaryEndpoints.table
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identity.clientId
    APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.clientId};Authorization=AAD'
    // Not below ConnectionStrings, where the trigger would read them as a connection string with a key.
    eventhubs__fullyQualifiedNamespace: eventHubsHost
    eventhubs__credential: 'managedidentity'
    eventhubs__clientId: identity.clientId
    EventStream__EventHubs__ThroughputUnits: string(throughputUnits)
    ConnectionStrings__timescale_owner: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${secretNames.timescaleOwner})'
    ConnectionStrings__timescale_reader: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${secretNames.timescaleReader})'
    ConnectionStrings__timescale: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${secretNames.timescale})'
    ConnectionStrings__nats: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${secretNames.nats})'
    CLOUDTICKS_HUB_WRITER_KEY: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${secretNames.hubWriter})'
    CLOUDTICKS_HUB_READER_KEY: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${secretNames.hubReader})'
    CLOUDTICKS_HUB_KEY: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${secretNames.hubReader})'
    CentralHub__Endpoint: 'https://${app.properties.defaultHostName}'
    CentralHub__Folder: '/tmp/cloudticks/central-hub'
    DbCommand__FeedName: feed
    Lake__Address: lakeAddress
    // Small limits, because an instance has a small disk.
    Lake__CacheBytes: '536870912'
    Lake__MaxMergedBytes: '134217728'
    // Disabled without a lake, because its timer would start an instance every five seconds.
    'AzureWebJobs.LakeTicks.Disabled': empty(lakeAddress) ? 'true' : 'false'
    // The managed identity that the lake's storage client uses.
    AZURE_CLIENT_ID: identity.clientId
    LOG_JSON: 'true'
    OTEL_EXPORTER_OTLP_ENDPOINT: telemetryEndpoint
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf'
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta'
  }
}

output endpoint string = 'https://${app.properties.defaultHostName}'
