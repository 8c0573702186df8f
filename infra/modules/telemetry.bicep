// An OpenTelemetry collector: receives metrics and traces of the services over OTLP, and forwards them to Application Insights.
param location string
param tags object
param environmentId string
param insightsName string

var port = 4318
var healthPort = 13133

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

var configuration = '''
extensions:
  health_check:
    endpoint: 0.0.0.0:13133
receivers:
  otlp:
    protocols:
      http:
        endpoint: 0.0.0.0:4318
processors:
  memory_limiter:
    check_interval: 1s
    limit_mib: 400
  batch: {}
exporters:
  azuremonitor:
    connection_string: ${env:APPLICATIONINSIGHTS_CONNECTION_STRING}
service:
  extensions: [health_check]
  pipelines:
    metrics:
      receivers: [otlp]
      processors: [memory_limiter, batch]
      exporters: [azuremonitor]
    traces:
      receivers: [otlp]
      processors: [memory_limiter, batch]
      exporters: [azuremonitor]
'''

resource app 'Microsoft.App/containerApps@2025-01-01' = {
  name: 'telemetry'
  location: location
  tags: tags
  properties: {
    environmentId: environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      secrets: [
        {
          name: 'insights'
          value: insights.properties.ConnectionString
        }
      ]
      ingress: {
        external: true
        transport: 'http'
        targetPort: port
        allowInsecure: false
      }
    }
    template: {
      containers: [
        {
          name: 'collector'
          image: 'docker.io/otel/opentelemetry-collector-contrib:0.157.0@sha256:f2f01157055a9b2aab9df7118e1f1c9abf345e99b23bc7a2bc791db374a7d0f6'
          args: ['--config=env:TELEMETRY_CONFIGURATION']
          env: [
            {
              name: 'TELEMETRY_CONFIGURATION'
              value: configuration
            }
            {
              name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
              secretRef: 'insights'
            }
          ]
          resources: {
            cpu: json('0.25')
            memory: '0.5Gi'
          }
          probes: [
            {
              type: 'Liveness'
              httpGet: {
                path: '/'
                port: healthPort
              }
              periodSeconds: 10
              failureThreshold: 3
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/'
                port: healthPort
              }
              periodSeconds: 5
              failureThreshold: 3
            }
          ]
        }
      ]
      scale: {
        minReplicas: 1
        maxReplicas: 1
      }
    }
  }
}

output endpoint string = 'https://${app.properties.configuration.ingress.fqdn}'
