// The connection strings. The app settings refer to them, so that the settings hold no password.

import { secretsType, tagsType } from 'types.bicep'

@description('The name of the vault.')
@minLength(3)
@maxLength(24)
param name string

@description('Its region.')
param location string

@description('Its tags.')
param tags tagsType

@description('Whether it can be reached other than by private endpoints.')
param publicAccess bool

@description('Whether nobody can purge it, or its secrets, before their 90 days are over. What has been true cannot become false.')
param purgeProtection bool

@description('The names of the possible secrets.')
param secretNames string[]

@description('Those to write, by name; what is empty is left as it is.')
param secrets secretsType

@description('Where the log of who read what goes.')
param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    // Key Vault accepts only true or null.
    enablePurgeProtection: purgeProtection ? true : null
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: publicAccess ? 'Allow' : 'Deny'
    }
  }
}

resource secret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = [
  for secretName in secretNames: if (!empty(secrets[?secretName])) {
    parent: vault
    name: secretName
    properties: {
      value: secrets[?secretName]
    }
  }
]

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'healthz'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
  }
}

@description('The vault.')
output id string = vault.id
