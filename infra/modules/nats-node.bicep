// One node of the NATS cluster.
param location string
param tags object
param environmentId string
param name string
param others array
param exposedPort int
param identityId string
param tlsSecretUrl string
@secure()
param password string
param resources object

var clientPort = 4222
var routePort = 6222
var monitorPort = 8222
var routes = map(others, other => '    "nats-route://route:${password}@${other}:${routePort}"')

// Core NATS stores no messages; the archive has all ticks. The volume is for JetStream, which can be enabled here for streams of your own.
var configuration = join([
  'server_name: "${name}"'
  'port: ${clientPort}'
  'http_port: ${monitorPort}'
  '#jetstream { store_dir: "/data" }'
  'authorization { user: "cloudticks", password: "${password}" }'
  'tls { cert_file: "/etc/nats/tls.pem", key_file: "/etc/nats/tls.pem" }'
  'cluster {'
  '  name: "cloudticks"'
  '  port: ${routePort}'
  '  no_advertise: true'
  '  authorization { user: "route", password: "${password}" }'
  '  tls { cert_file: "/etc/nats/tls.pem", key_file: "/etc/nats/tls.pem", ca_file: "/etc/nats/tls.pem" }'
  '  routes: ['
  join(routes, '\n')
  '  ]'
  '}'
  ''
], '\n')

resource app 'Microsoft.App/containerApps@2025-01-01' = {
  name: name
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    environmentId: environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      secrets: [
        {
          name: 'nats-conf'
          value: configuration
        }
        {
          name: 'nats-tls'
          keyVaultUrl: tlsSecretUrl
          identity: identityId
        }
      ]
      // 'External' means the virtual network, in which the functions run; the port is not reachable from the internet.
      ingress: {
        external: true
        transport: 'tcp'
        targetPort: clientPort
        exposedPort: exposedPort
        additionalPortMappings: [
          {
            external: false
            targetPort: routePort
            exposedPort: routePort
          }
        ]
      }
    }
    template: {
      terminationGracePeriodSeconds: 30
      containers: [
        {
          name: 'nats'
          image: 'docker.io/library/nats:2.10-alpine@sha256:b83efabe3e7def1e0a4a31ec6e078999bb17c80363f881df35edc70fcb6bb927'
          command: ['nats-server', '--config', '/etc/nats/nats.conf']
          resources: {
            cpu: json(resources.cpu)
            memory: resources.memory
          }
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/healthz'
                port: monitorPort
              }
              periodSeconds: 2
              failureThreshold: 60
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/healthz'
                port: monitorPort
              }
              periodSeconds: 10
              failureThreshold: 3
            }
            {
              type: 'Readiness'
              tcpSocket: {
                port: clientPort
              }
              periodSeconds: 5
              failureThreshold: 3
            }
          ]
          volumeMounts: [
            {
              volumeName: 'configuration'
              mountPath: '/etc/nats'
            }
            {
              volumeName: 'data'
              mountPath: '/data'
            }
          ]
        }
      ]
      scale: {
        minReplicas: 1
        maxReplicas: 1
      }
      volumes: [
        {
          name: 'configuration'
          storageType: 'Secret'
          secrets: [
            {
              secretRef: 'nats-conf'
              path: 'nats.conf'
            }
            {
              secretRef: 'nats-tls'
              path: 'tls.pem'
            }
          ]
        }
        {
          name: 'data'
          storageType: 'AzureFile'
          storageName: name
          mountOptions: 'uid=1000,gid=1000,dir_mode=0700,file_mode=0600'
        }
      ]
    }
  }
}
