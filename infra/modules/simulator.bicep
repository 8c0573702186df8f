// The simulator, which replaces Polygon.io for the simulated feed. With another feed the app has no replicas; it exists only because azd expects it.
param location string
param tags object
param exists bool
param isNeeded bool
param environmentId string
param registryEndpoint string
param identity object
param telemetryEndpoint string
param vaultUri string
param secretNames object

module current 'current-image.bicep' = {
  name: 'simulator-image'
  params: { exists: exists, name: 'simulator' }
}

resource app 'Microsoft.App/containerApps@2025-01-01' = {
  name: 'simulator'
  location: location
  tags: union(tags, { 'azd-service-name': 'simulator' })
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
          name: 'simulator-key'
          keyVaultUrl: '${vaultUri}secrets/${secretNames.simulator}'
          identity: identity.id
        }
      ]
      // TLS only: the collector refuses to send its key to another machine without TLS.
      ingress: {
        external: false
        transport: 'http'
        targetPort: 8100
        allowInsecure: false
      }
    }
    template: {
      containers: [
        {
          name: 'simulator'
          image: current.outputs.image
          env: [
            {
              name: 'Simulator__ApiKey'
              secretRef: 'simulator-key'
            }
            {
              name: 'Simulator__Rate'
              value: '1000'
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
                port: 8100
              }
              periodSeconds: 2
              failureThreshold: 120
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/alive'
                port: 8100
              }
              periodSeconds: 10
              failureThreshold: 6
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/health'
                port: 8100
              }
              periodSeconds: 5
              failureThreshold: 3
            }
          ]
        }
      ]
      scale: {
        minReplicas: isNeeded ? 1 : 0
        maxReplicas: 1
      }
    }
  }
}

output endpoint string = 'https://${app.properties.configuration.ingress.fqdn}'
