// A collector: one replica, one active revision, and a volume for its spool and state. Each collector is a separate app, because replicas of
// one app have no stable name and no folder of their own (docs/decisions.md).
param name string
param isServiceOfAzd bool
param collectors int
param connections int
param location string
param tags object
param exists bool
param feed string
param hasFeedKey bool
param environmentId string
param registryEndpoint string
param identity object
param resources object
param eventHubsHost string
param throughputUnits int
param hubEndpoint string
param simulatorEndpoint string
param telemetryEndpoint string
param vaultUri string
param secretNames object

var isSimulated = feed == 'simulated'
var folderEnd = isServiceOfAzd ? '' : '-${name}'
// Settings with which several collectors share the symbols and the throughput units of Event Hubs.
var sharing = collectors > 1 ? [
  {
    name: 'Collector__Group'
    value: feed
  }
  {
    name: 'Collector__InstanceId'
    value: name
  }
  {
    name: 'EventStream__EventHubs__Collectors'
    value: string(collectors)
  }
] : []
var keySecret = isSimulated ? secretNames.simulator : secretNames.polygon

module current 'current-image.bicep' = {
  name: '${name}-image'
  params: { exists: exists, name: 'collector' }
}

resource app 'Microsoft.App/containerApps@2025-01-01' = {
  name: name
  location: location
  tags: union(tags, isServiceOfAzd ? { 'azd-service-name': 'collector' } : {})
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    environmentId: environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      // A new revision starts while the old one still runs, and waits until the old one has drained and released the data folder (Collector__DataFolderWait).
      activeRevisionsMode: 'Single'
      registries: [
        {
          server: registryEndpoint
          identity: identity.id
        }
      ]
      // A reference to a missing secret would fail the deployment. Without a key, the collector itself logs which setting is missing.
      secrets: concat(hasFeedKey ? [
        {
          name: 'feed-key'
          keyVaultUrl: '${vaultUri}secrets/${keySecret}'
          identity: identity.id
        }
      ] : [], [
        {
          name: 'hub-reader-key'
          keyVaultUrl: '${vaultUri}secrets/${secretNames.hubReader}'
          identity: identity.id
        }
        {
          name: 'nats-connection'
          keyVaultUrl: '${vaultUri}secrets/${secretNames.nats}'
          identity: identity.id
        }
      ])
      // The status and gap endpoints, reachable only within the network.
      ingress: {
        external: true
        transport: 'http'
        targetPort: 8000
        allowInsecure: false
      }
    }
    template: {
      terminationGracePeriodSeconds: 30
      containers: [
        {
          name: 'collector'
          image: current.outputs.image
          env: concat(hasFeedKey ? [
            {
              name: 'POLYGON_API_KEY'
              secretRef: 'feed-key'
            }
          ] : [], [
            {
              name: 'CLOUDTICKS_HUB_KEY'
              secretRef: 'hub-reader-key'
            }
            {
              name: 'ConnectionStrings__nats'
              secretRef: 'nats-connection'
            }
            {
              name: 'eventhubs__fullyQualifiedNamespace'
              value: eventHubsHost
            }
            {
              name: 'eventhubs__credential'
              value: 'managedidentity'
            }
            {
              name: 'eventhubs__clientId'
              value: identity.clientId
            }
            {
              // Records are packed so that their rate fits the minimum throughput units. Units that auto-inflate adds are for higher byte rates.
              name: 'EventStream__EventHubs__ThroughputUnits'
              value: string(throughputUnits)
            }
            {
              name: 'CentralHub__Endpoint'
              value: hubEndpoint
            }
            {
              name: 'CentralHub__Folder'
              value: '/data/central-hub${folderEnd}'
            }
            {
              name: 'Collector__FeedName'
              value: feed
            }
            {
              name: 'Collector__DataFolder'
              value: '/data/${name}'
            }
            {
              name: 'Polygon__MaxConnections'
              value: string(connections)
            }
            {
              name: 'Collector__DataFolderWait'
              value: '01:00:00'
            }
            {
              name: 'Listening__RequireKeys'
              value: 'true'
            }
            {
              name: 'LOG_JSON'
              value: 'true'
            }
            {
              name: 'OTEL_EXPORTER_OTLP_ENDPOINT'
              value: telemetryEndpoint
            }
            {
              name: 'OTEL_EXPORTER_OTLP_PROTOCOL'
              value: 'http/protobuf'
            }
            {
              name: 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE'
              value: 'delta'
            }
          ], sharing, isSimulated ? [
            {
              name: 'Polygon__Endpoint'
              value: simulatorEndpoint
            }
            {
              name: 'Polygon__RestEndpoint'
              value: simulatorEndpoint
            }
          ] : [])
          resources: {
            cpu: json(resources.cpu)
            memory: resources.memory
          }
          // Not /health: it returns 503 while Polygon or Event Hubs is unavailable. A restart would not help, and the status page must stay reachable.
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/alive'
                port: 8000
              }
              periodSeconds: 2
              failureThreshold: 120
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/alive'
                port: 8000
              }
              periodSeconds: 10
              timeoutSeconds: 5
              failureThreshold: 6
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/alive'
                port: 8000
              }
              periodSeconds: 5
              failureThreshold: 3
            }
          ]
          volumeMounts: [
            {
              volumeName: 'data'
              mountPath: '/data'
            }
          ]
        }
      ]
      // No KEDA rule: a collector must hold its session at any tick rate, and the account limits the number of sessions.
      scale: {
        minReplicas: 1
        maxReplicas: 1
      }
      volumes: [
        {
          name: 'data'
          storageType: 'AzureFile'
          storageName: 'collector-${feed}'
          // The user of the image (APP_UID). Without nobrl, file locks are held on the server, so that collectors on different machines respect them.
          mountOptions: 'uid=1654,gid=1654,dir_mode=0700,file_mode=0600,mfsymlinks'
        }
      ]
    }
  }
}

output endpoint string = 'https://${app.properties.configuration.ingress.fqdn}'
