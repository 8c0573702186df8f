// PostgreSQL with the Apache edition of TimescaleDB, reachable only within the network.
param location string
param tags object
param token string
param sku object
param storageGB int
param hasStandby bool
param backupDays int
param subnetId string
param dnsZoneId string
param database string
@secure()
param password string

var owner = 'cloudticks'

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: 'psql-${token}'
  location: location
  tags: tags
  sku: sku
  properties: {
    version: '16'
    administratorLogin: owner
    administratorLoginPassword: password
    authConfig: {
      activeDirectoryAuth: 'Disabled'
      passwordAuth: 'Enabled'
    }
    storage: {
      storageSizeGB: storageGB
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: backupDays
      geoRedundantBackup: 'Disabled'
    }
    highAvailability: {
      mode: hasStandby ? 'ZoneRedundant' : 'Disabled'
    }
    network: {
      delegatedSubnetResourceId: subnetId
      privateDnsZoneArmResourceId: dnsZoneId
    }
  }
}

// Sequential, because the server accepts one configuration change at a time.
resource extensions 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2024-08-01' = {
  parent: server
  name: 'azure.extensions'
  properties: {
    value: 'TIMESCALEDB'
    source: 'user-override'
  }
}

// Takes effect after a restart, which infra/hooks/prepare-database triggers once.
resource preload 'Microsoft.DBforPostgreSQL/flexibleServers/configurations@2024-08-01' = {
  parent: server
  name: 'shared_preload_libraries'
  properties: {
    value: 'timescaledb'
    source: 'user-override'
  }
  dependsOn: [extensions]
}

resource tickDatabase 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2024-08-01' = {
  parent: server
  name: database
  properties: {
    charset: 'UTF8'
    collation: 'en_US.utf8'
  }
  dependsOn: [preload]
}

output id string = server.id
output host string = server.properties.fullyQualifiedDomainName
output database string = tickDatabase.name
output user string = owner
