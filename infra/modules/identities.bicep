// One managed identity per program, with least privilege. The modules that create the resources also assign the roles.
param location string
param tags object
param token string

resource collectorIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-collector-${token}'
  location: location
  tags: tags
}

resource functionsIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-functions-${token}'
  location: location
  tags: tags
}

resource dashboardIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-dashboard-${token}'
  location: location
  tags: tags
}

resource relayIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-relay-${token}'
  location: location
  tags: tags
}

resource simulatorIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-simulator-${token}'
  location: location
  tags: tags
}

resource natsIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-nats-${token}'
  location: location
  tags: tags
}

// The identity with which Event Hubs Capture writes its files.
resource captureIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-capture-${token}'
  location: location
  tags: tags
}

output collector object = {
  id: collectorIdentity.id
  clientId: collectorIdentity.properties.clientId
  principalId: collectorIdentity.properties.principalId
}
output functions object = {
  id: functionsIdentity.id
  clientId: functionsIdentity.properties.clientId
  principalId: functionsIdentity.properties.principalId
}
output dashboard object = {
  id: dashboardIdentity.id
  clientId: dashboardIdentity.properties.clientId
  principalId: dashboardIdentity.properties.principalId
}
output relay object = {
  id: relayIdentity.id
  clientId: relayIdentity.properties.clientId
  principalId: relayIdentity.properties.principalId
}
output simulator object = {
  id: simulatorIdentity.id
  clientId: simulatorIdentity.properties.clientId
  principalId: simulatorIdentity.properties.principalId
}
output nats object = {
  id: natsIdentity.id
  principalId: natsIdentity.properties.principalId
}
output capture object = {
  id: captureIdentity.id
  clientId: captureIdentity.properties.clientId
  principalId: captureIdentity.properties.principalId
}
