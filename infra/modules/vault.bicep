// The vault for secrets that managed identities cannot replace: Polygon's key, the central hub's first keys, the passwords of PostgreSQL and NATS.
param location string
param tags object
param token string
param deployerId string
@allowed(['User', 'Group', 'ServicePrincipal'])
param deployerType string

var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: 'kv-${token}'
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 30
    // Purge protection cannot be disabled later: even an attacker with access to the vault cannot destroy its secrets permanently.
    enablePurgeProtection: true
  }
}

// Services can read single secrets (secret-readers.bicep). azd reads the passwords of the previous deployment, so that it does not generate new ones.
resource deployer 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployerId)) {
  name: guid(vault.id, deployerId, secretsUser)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
    principalId: deployerId
    principalType: deployerType
  }
}

output name string = vault.name
output uri string = vault.properties.vaultUri
