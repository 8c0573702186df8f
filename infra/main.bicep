// CloudTicks on Azure. 'azd up' deploys everything without further settings; docs/deploy.md explains the resources, parameters and costs.
targetScope = 'subscription'

@minLength(1)
@maxLength(40)
@description('Name of the azd environment; it is part of the name of every resource.')
param environmentName string

@minLength(1)
@description('Azure region. It must offer Flex Consumption and PostgreSQL flexible servers.')
param location string

@description('Principal that deploys. It can read the secrets created by the first deployment, so that later deployments keep them.')
param principalId string = ''

@allowed(['User', 'Group', 'ServicePrincipal'])
@description('Type of principalId.')
param principalType string = 'User'

@allowed(['dev', 'prod'])
@description('dev: the smallest working sizes. prod: a standby database, seven days of retention in Event Hubs, always-ready instances.')
param size string = 'dev'

@allowed(['simulated', 'polygon'])
@description('Source of the ticks. Each feed has a separate stream, database and data folder.')
param feed string = 'simulated'

@secure()
@description('API key of the Polygon.io account. Required for the first deployment with the feed polygon; if empty, the key in the vault is kept.')
param polygonApiKey string = ''

@description('Email address for alerts and budget notifications; if empty, they appear only in the portal.')
param alertEmail string = ''

@minValue(0)
@description('Monthly budget in the currency of the subscription, with alerts at 80 and 100 percent; 0 for no budget.')
param monthlyBudget int = 0

@description('Start of the budget: the first day of a month.')
param budgetStart string = utcNow('yyyy-MM-01')

@minValue(0)
@maxValue(40)
@description('Maximum throughput units for the auto-inflate of Event Hubs; 0 for the default of the size.')
param maximumThroughputUnits int = 0

@minValue(1)
@maxValue(8)
@description('Number of collectors. They share the symbols and the connections; each has its own data folder.')
param collectors int = 1

@minValue(1)
@maxValue(32)
@description('Connections per market that the Polygon account allows. Additional collectors wait until a connection is free.')
param polygonConnections int = 1

@description('Whether the functions also write the ticks to the lake of Parquet files.')
param lake bool = false

@description('Set by azd: whether the collector was deployed before. If so, it keeps its image until azd deploys a new one.')
param collectorExists bool = false

@description('Set by azd: whether the dashboard was deployed before.')
param dashboardExists bool = false

@description('Set by azd: whether the relay was deployed before.')
param relayExists bool = false

@description('Set by azd: whether the simulator was deployed before.')
param simulatorExists bool = false

@description('Whether the vault already has the key of Polygon.io; set from an output of the previous deployment.')
param polygonKeyKept bool = false

@secure()
@description('Seed of the password of the database administrator; azd generates it once.')
param postgresPassword string

@secure()
@description('Password of the login that owns the tables.')
param databaseOwnerPassword string

@secure()
@description('Password of the login that writes ticks.')
param databaseWriterPassword string

@secure()
@description('Password of the read-only login.')
param databaseReaderPassword string

@secure()
@description('Password of the NATS servers; azd generates it once.')
param natsPassword string

@description('Self-signed certificate of the NATS servers, PEM in base64; the hook before-provision creates it.')
param natsCertificate string = ''

@secure()
@description('Private key of natsCertificate, PEM in base64. Required once; if empty, the key in the vault is kept.')
param natsKey string = ''

@secure()
@description('Seed of the first writer key of the central hub.')
param hubWriterSeed string

@secure()
@description('Seed of the reader key with which the services call the central hub.')
param hubReaderSeed string

@secure()
@description('API key that the simulator requires from its clients.')
param simulatorKey string

var sizes = {
  dev: {
    throughputUnits: 1
    maximumThroughputUnits: 4
    streamHours: 24
    storageSku: 'Standard_LRS'
    registrySku: 'Basic'
    postgresSku: { name: 'Standard_B2s', tier: 'Burstable' }
    postgresStorageGB: 64
    postgresStandby: false
    postgresBackupDays: 7
    functionsMemoryMB: 2048
    functionsAlwaysReady: false
    collector: { cpu: '1.0', memory: '2Gi' }
    nats: { cpu: '0.25', memory: '0.5Gi' }
    logDays: 30
  }
  prod: {
    throughputUnits: 2
    maximumThroughputUnits: 40
    streamHours: 168
    storageSku: 'Standard_ZRS'
    registrySku: 'Standard'
    postgresSku: { name: 'Standard_D4ds_v5', tier: 'GeneralPurpose' }
    postgresStorageGB: 512
    postgresStandby: true
    postgresBackupDays: 14
    functionsMemoryMB: 4096
    functionsAlwaysReady: true
    collector: { cpu: '2.0', memory: '4Gi' }
    nats: { cpu: '0.5', memory: '1Gi' }
    logDays: 90
  }
}
var chosen = sizes[size]
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var hasPolygonKey = polygonKeyKept || !empty(polygonApiKey)
var databaseLogins = { owner: 'ct_owner', writer: 'ct_writer', reader: 'ct_reader' }
// PostgreSQL requires three character classes; 15 random letters and digits may lack one.
var administratorPassword = '${postgresPassword}-Pg1'

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identities 'modules/identities.bicep' = {
  name: 'identities'
  scope: group
  params: { location: location, tags: tags, token: token }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: { location: location, tags: tags, token: token, logDays: chosen.logDays, alertEmail: alertEmail, functionsPrincipalId: identities.outputs.functions.principalId }
}

module network 'modules/network.bicep' = {
  name: 'network'
  scope: group
  params: { location: location, tags: tags, token: token }
}

module registry 'modules/registry.bicep' = {
  name: 'registry'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    sku: chosen.registrySku
    pullerPrincipalIds: [identities.outputs.collector.principalId, identities.outputs.dashboard.principalId, identities.outputs.relay.principalId, identities.outputs.simulator.principalId]
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    sku: chosen.storageSku
    feed: feed
    functionsPrincipalId: identities.outputs.functions.principalId
    capturePrincipalId: identities.outputs.capture.principalId
  }
}

module eventHubs 'modules/event-hubs.bicep' = {
  name: 'event-hubs'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    feed: feed
    throughputUnits: chosen.throughputUnits
    maximumThroughputUnits: maximumThroughputUnits > 0 ? maximumThroughputUnits : chosen.maximumThroughputUnits
    streamHours: chosen.streamHours
    archiveAccountId: storage.outputs.archiveAccountId
    archiveContainer: storage.outputs.archiveContainer
    captureIdentityId: identities.outputs.capture.id
    clientPrincipalIds: [identities.outputs.collector.principalId, identities.outputs.functions.principalId]
    readerPrincipalIds: [identities.outputs.relay.principalId]
  }
  // The role assignment of the Capture identity takes minutes to propagate; creating the database takes longer than that.
  dependsOn: [postgres]
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    deployerId: principalId
    deployerType: principalType
  }
}

module postgres 'modules/postgres.bicep' = {
  name: 'postgres'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    sku: chosen.postgresSku
    storageGB: chosen.postgresStorageGB
    hasStandby: chosen.postgresStandby
    backupDays: chosen.postgresBackupDays
    subnetId: network.outputs.postgresSubnetId
    dnsZoneId: network.outputs.postgresDnsZoneId
    database: 'cloudticks_${feed}'
    password: administratorPassword
  }
}

module apps 'modules/apps-environment.bicep' = {
  name: 'apps-environment'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    subnetId: network.outputs.appsSubnetId
    workspaceId: monitoring.outputs.workspaceId
    filesAccountName: storage.outputs.filesAccountName
    shares: storage.outputs.shares
  }
}

module appsDns 'modules/apps-dns.bicep' = {
  name: 'apps-dns'
  scope: group
  params: { tags: tags, domain: apps.outputs.defaultDomain, staticIp: apps.outputs.staticIp, networkId: network.outputs.networkId }
}

module logins 'modules/database-logins.bicep' = {
  name: 'database-logins'
  scope: group
  params: {
    location: location
    tags: tags
    environmentId: apps.outputs.environmentId
    host: postgres.outputs.host
    database: postgres.outputs.database
    administrator: postgres.outputs.user
    logins: databaseLogins
    administratorPassword: administratorPassword
    ownerPassword: databaseOwnerPassword
    writerPassword: databaseWriterPassword
    readerPassword: databaseReaderPassword
  }
}

module nats 'modules/nats.bicep' = {
  name: 'nats'
  scope: group
  params: {
    location: location
    tags: tags
    environmentId: apps.outputs.environmentId
    defaultDomain: apps.outputs.defaultDomain
    identity: identities.outputs.nats
    vaultName: vault.outputs.name
    vaultUri: vault.outputs.uri
    certificate: natsCertificate
    key: natsKey
    password: natsPassword
    resources: chosen.nats
  }
}

module secrets 'modules/secrets.bicep' = {
  name: 'secrets'
  scope: group
  params: {
    vaultName: vault.outputs.name
    polygonApiKey: polygonApiKey
    postgresPassword: postgresPassword
    databaseOwnerPassword: databaseOwnerPassword
    databaseWriterPassword: databaseWriterPassword
    databaseReaderPassword: databaseReaderPassword
    postgresConnection: 'Host=${postgres.outputs.host};Port=5432;Database=${postgres.outputs.database};SSL Mode=VerifyFull'
    databaseLogins: databaseLogins
    natsPassword: natsPassword
    natsServers: nats.outputs.servers
    natsCertificate: natsCertificate
    hubWriterSeed: hubWriterSeed
    hubReaderSeed: hubReaderSeed
    simulatorKey: simulatorKey
    hasPolygonKey: hasPolygonKey
    isSimulated: feed == 'simulated'
    collectorPrincipalId: identities.outputs.collector.principalId
    functionsPrincipalId: identities.outputs.functions.principalId
    dashboardPrincipalId: identities.outputs.dashboard.principalId
    relayPrincipalId: identities.outputs.relay.principalId
    simulatorPrincipalId: identities.outputs.simulator.principalId
  }
}

module telemetry 'modules/telemetry.bicep' = {
  name: 'telemetry'
  scope: group
  params: {
    location: location
    tags: tags
    environmentId: apps.outputs.environmentId
    insightsName: monitoring.outputs.insightsName
  }
}

module functions 'modules/functions.bicep' = {
  name: 'functions'
  scope: group
  params: {
    location: location
    tags: tags
    token: token
    feed: feed
    memoryMB: chosen.functionsMemoryMB
    isAlwaysReady: chosen.functionsAlwaysReady
    identity: identities.outputs.functions
    subnetId: network.outputs.functionsSubnetId
    hostAccountName: storage.outputs.hostAccountName
    packageContainer: storage.outputs.packageContainer
    lakeAddress: lake ? storage.outputs.lakeUrl : ''
    insightsName: monitoring.outputs.insightsName
    eventHubsHost: eventHubs.outputs.host
    throughputUnits: chosen.throughputUnits
    telemetryEndpoint: telemetry.outputs.endpoint
    vaultUri: vault.outputs.uri
    secretNames: secrets.outputs.names
  }
}

module collectorGroup 'modules/collector-group.bicep' = if (collectors > 1) {
  name: 'collector-group'
  scope: group
  params: { eventHubsHost: eventHubs.outputs.host, group: feed, connections: polygonConnections }
}

module collector 'modules/collector.bicep' = {
  name: 'collector'
  scope: group
  params: {
    name: 'collector'
    isServiceOfAzd: true
    collectors: collectors
    connections: polygonConnections
    location: location
    tags: tags
    exists: collectorExists
    feed: feed
    hasFeedKey: feed == 'simulated' || hasPolygonKey
    environmentId: apps.outputs.environmentId
    registryEndpoint: registry.outputs.endpoint
    identity: identities.outputs.collector
    resources: chosen.collector
    eventHubsHost: eventHubs.outputs.host
    throughputUnits: chosen.throughputUnits
    hubEndpoint: functions.outputs.endpoint
    simulatorEndpoint: simulator.outputs.endpoint
    telemetryEndpoint: telemetry.outputs.endpoint
    vaultUri: vault.outputs.uri
    secretNames: secrets.outputs.names
  }
  dependsOn: [collectorGroup]
}

// azd deploys the first collector; the others get its image when the template is deployed again.
module moreCollectors 'modules/collector.bicep' = [for number in range(2, collectors - 1): {
  name: 'collector-${number}'
  scope: group
  params: {
    name: 'collector-${number}'
    isServiceOfAzd: false
    collectors: collectors
    connections: polygonConnections
    location: location
    tags: tags
    exists: collectorExists
    feed: feed
    hasFeedKey: feed == 'simulated' || hasPolygonKey
    environmentId: apps.outputs.environmentId
    registryEndpoint: registry.outputs.endpoint
    identity: identities.outputs.collector
    resources: chosen.collector
    eventHubsHost: eventHubs.outputs.host
    throughputUnits: chosen.throughputUnits
    hubEndpoint: functions.outputs.endpoint
    simulatorEndpoint: simulator.outputs.endpoint
    telemetryEndpoint: telemetry.outputs.endpoint
    vaultUri: vault.outputs.uri
    secretNames: secrets.outputs.names
  }
  dependsOn: [collectorGroup]
}]

module dashboard 'modules/dashboard.bicep' = {
  name: 'dashboard'
  scope: group
  params: {
    location: location
    tags: tags
    exists: dashboardExists
    environmentId: apps.outputs.environmentId
    registryEndpoint: registry.outputs.endpoint
    identity: identities.outputs.dashboard
    hubEndpoint: functions.outputs.endpoint
    collectorEndpoint: collector.outputs.endpoint
    collectors: collectors
    appsDomain: apps.outputs.defaultDomain
    relayEndpoint: relay.outputs.endpoint
    telemetryEndpoint: telemetry.outputs.endpoint
    vaultUri: vault.outputs.uri
    secretNames: secrets.outputs.names
  }
}

module relay 'modules/relay.bicep' = {
  name: 'relay'
  scope: group
  params: {
    location: location
    tags: tags
    exists: relayExists
    environmentId: apps.outputs.environmentId
    registryEndpoint: registry.outputs.endpoint
    identity: identities.outputs.relay
    hubEndpoint: functions.outputs.endpoint
    eventHubsHost: eventHubs.outputs.host
    telemetryEndpoint: telemetry.outputs.endpoint
    vaultUri: vault.outputs.uri
    secretNames: secrets.outputs.names
  }
}

module simulator 'modules/simulator.bicep' = {
  name: 'simulator'
  scope: group
  params: {
    location: location
    tags: tags
    exists: simulatorExists
    isNeeded: feed == 'simulated'
    environmentId: apps.outputs.environmentId
    registryEndpoint: registry.outputs.endpoint
    identity: identities.outputs.simulator
    telemetryEndpoint: telemetry.outputs.endpoint
    vaultUri: vault.outputs.uri
    secretNames: secrets.outputs.names
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    location: location
    tags: tags
    feed: feed
    workspaceId: monitoring.outputs.workspaceId
    actionGroupId: monitoring.outputs.actionGroupId
    postgresId: postgres.outputs.id
    eventHubsId: eventHubs.outputs.id
  }
}

module budget 'modules/budget.bicep' = if (monthlyBudget > 0) {
  name: 'budget'
  scope: group
  params: { amount: monthlyBudget, startDate: budgetStart, email: alertEmail }
}

// Read by azd.
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_CONTAINER_REGISTRY_ENDPOINT string = registry.outputs.endpoint
output AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = apps.outputs.environmentId
output AZURE_KEY_VAULT_NAME string = vault.outputs.name

// Read by the hooks and by operators.
output CLOUDTICKS_POSTGRES_ID string = postgres.outputs.id
output CLOUDTICKS_LOGINS_JOB_ID string = logins.outputs.id
output CLOUDTICKS_POLYGON_KEY_KEPT bool = hasPolygonKey
output CLOUDTICKS_NATS_CERTIFICATE string = natsCertificate
output CLOUDTICKS_ARCHIVE string = storage.outputs.archiveUrl

// Settings under the names that the services and the command line use. Secrets are not included: the settings refer to the vault instead.
output CLOUDTICKS_DASHBOARD string = dashboard.outputs.endpoint
output CLOUDTICKS_RELAY string = relay.outputs.endpoint
output CLOUDTICKS_HUB string = functions.outputs.endpoint
output CentralHub__Endpoint string = functions.outputs.endpoint
output eventhubs__fullyQualifiedNamespace string = eventHubs.outputs.host
output ConnectionStrings__timescale string = '@Microsoft.KeyVault(SecretUri=${vault.outputs.uri}secrets/${secrets.outputs.names.timescale})'
output ConnectionStrings__nats string = '@Microsoft.KeyVault(SecretUri=${vault.outputs.uri}secrets/${secrets.outputs.names.nats})'
output OTEL_EXPORTER_OTLP_ENDPOINT string = telemetry.outputs.endpoint
