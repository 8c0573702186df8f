// The relay: serves Polygon's protocol within the network. Each client needs a key of the central hub.
param location string
param tags object
param exists bool
param environmentId string
param registryEndpoint string
param identity object
param hubEndpoint string
param eventHubsHost string
param telemetryEndpoint string
param vaultUri string
param secretNames object

module current 'current-image.bicep' = {
  name: 'relay-image'
  params: { exists: exists, name: 'relay' }
}

resource app 'Microsoft.App/containerApps@2025-01-01' = {
  name: 'relay'
  location: location
  tags: union(tags, { 'azd-service-name': 'relay' })
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
        {
          name: 'timescale-reader'
          keyVaultUrl: '${vaultUri}secrets/${secretNames.timescaleReader}'
          identity: identity.id
        }
      ]
      // 'External' means the virtual network: the environment's load balancer has no public address.
      ingress: {
        external: true
        transport: 'http'
        targetPort: 8200
        allowInsecure: false
      }
    }
    template: {
      containers: [
        {
          name: 'relay'
          image: current.outputs.image
          env: [
            {
              name: 'CLOUDTICKS_HUB_KEY'
              secretRef: 'hub-reader-key'
            }
            {
              name: 'ConnectionStrings__nats'
              secretRef: 'nats-connection'
            }
            {
              name: 'ConnectionStrings__timescale'
              secretRef: 'timescale-reader'
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
              name: 'CentralHub__Endpoint'
              value: hubEndpoint
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
          ]
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/alive'
                port: 8200
              }
              periodSeconds: 2
              failureThreshold: 120
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/alive'
                port: 8200
              }
              periodSeconds: 10
              failureThreshold: 6
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/alive'
                port: 8200
              }
              periodSeconds: 5
              failureThreshold: 3
            }
          ]
        }
      ]
      scale: {
        // Only one replica, because each replica reads the whole archive.
        minReplicas: 1
        maxReplicas: 1
      }
    }
  }
}

output endpoint string = 'https://${app.properties.configuration.ingress.fqdn}'
