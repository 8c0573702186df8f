// The dashboard, reachable only within the network. Viewers need a key of the central hub.
param location string
param tags object
param exists bool
param environmentId string
param registryEndpoint string
param identity object
param hubEndpoint string
param collectorEndpoint string
param collectors int
param appsDomain string
param relayEndpoint string
param telemetryEndpoint string
param vaultUri string
param secretNames object

var moreCollectors = [for number in range(2, collectors - 1): {
  name: 'Dashboard__Collectors__${number - 1}'
  value: 'https://collector-${number}.${appsDomain}'
}]

module current 'current-image.bicep' = {
  name: 'dashboard-image'
  params: { exists: exists, name: 'dashboard' }
}

resource app 'Microsoft.App/containerApps@2025-01-01' = {
  name: 'dashboard'
  location: location
  tags: union(tags, { 'azd-service-name': 'dashboard' })
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
      activeRevisionsMode: 'Single'
      registries: [
        {
          server: registryEndpoint
          identity: identity.id
        }
      ]
      secrets: [
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
      ]
      // 'External' means the virtual network: the environment's load balancer has no public address.
      ingress: {
        external: true
        transport: 'http'
        targetPort: 8080
        allowInsecure: false
      }
    }
    template: {
      containers: [
        {
          name: 'dashboard'
          image: current.outputs.image
          env: concat([
            {
              name: 'CLOUDTICKS_HUB_KEY'
              secretRef: 'hub-reader-key'
            }
            {
              name: 'ConnectionStrings__nats'
              secretRef: 'nats-connection'
            }
            {
              name: 'Dashboard__Functions'
              value: hubEndpoint
            }
            {
              name: 'Dashboard__Collectors__0'
              value: collectorEndpoint
            }
            {
              name: 'Dashboard__Relay'
              value: relayEndpoint
            }
            {
              // Event Hubs has no health endpoint; the portal and the alerts report its state.
              name: 'Dashboard__EventHubHealth'
              value: ''
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
          ], moreCollectors)
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/alive'
                port: 8080
              }
              periodSeconds: 2
              failureThreshold: 120
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/alive'
                port: 8080
              }
              periodSeconds: 10
              failureThreshold: 6
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/alive'
                port: 8080
              }
              periodSeconds: 5
              failureThreshold: 3
            }
          ]
        }
      ]
      scale: {
        // Only one replica: sessions are kept in its memory, and each additional replica would read all ticks.
        minReplicas: 1
        maxReplicas: 1
      }
    }
  }
}

output endpoint string = 'https://${app.properties.configuration.ingress.fqdn}'
