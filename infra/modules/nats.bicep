// NATS, a core cluster of three: an app for each node, because replicas of one app have no names by which they could find each other.
param location string
param tags object
param environmentId string
param defaultDomain string
@secure()
param password string
param resources object

var nodes = ['nats-1', 'nats-2', 'nats-3']
// Within a network every exposed port of an environment is another one.
var firstPort = 4222

module node 'nats-node.bicep' = [for (name, i) in nodes: {
  name: name
  params: {
    location: location
    tags: tags
    environmentId: environmentId
    name: name
    others: filter(nodes, other => other != name)
    exposedPort: firstPort + i
    password: password
    resources: resources
  }
}]

output servers array = [for (name, i) in nodes: '${name}.${defaultDomain}:${firstPort + i}']
