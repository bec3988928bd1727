// The probe's own storage: the package of the function app, the data of the host, and the history. No keys, only identities.

import { tagsType } from 'types.bicep'

@description('The name of the account.')
@minLength(3)
@maxLength(24)
param name string

@description('Its region.')
param location string

@description('Its tags.')
param tags tagsType

@description('The replication of the storage account.')
param sku string

@description('Whether it can be reached other than by private endpoints.')
param publicAccess bool

@description('The container of the package.')
param packageContainer string

@description('The container of the history.')
param historyContainer string

@description('The retention of records in days.')
param retentionDays int

// Trends over a year read the rollups, so they are kept longer than the records.
var rollupDays = max(retentionDays, 400)

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: publicAccess ? 'Allow' : 'Deny'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: {
        enabled: true
        days: 7
      }
      containerDeleteRetentionPolicy: {
        enabled: true
        days: 7
      }
    }

    resource package 'containers' = {
      name: packageContainer
      properties: {
        publicAccess: 'None'
      }
    }

    resource history 'containers' = {
      name: historyContainer
      properties: {
        publicAccess: 'None'
      }
    }
  }

  resource lifecycle 'managementPolicies' = {
    name: 'default'
    properties: {
      policy: {
        rules: [
          {
            name: 'records'
            type: 'Lifecycle'
            enabled: true
            definition: {
              filters: {
                blobTypes: ['appendBlob']
                prefixMatch: ['${historyContainer}/records/']
              }
              actions: {
                baseBlob: {
                  delete: {
                    daysAfterModificationGreaterThan: retentionDays
                  }
                }
              }
            }
          }
          {
            name: 'rollups'
            type: 'Lifecycle'
            enabled: true
            definition: {
              filters: {
                blobTypes: ['blockBlob']
                prefixMatch: ['${historyContainer}/rollups/']
              }
              actions: {
                baseBlob: {
                  delete: {
                    daysAfterModificationGreaterThan: rollupDays
                  }
                }
              }
            }
          }
        ]
      }
    }
    dependsOn: [blobs]
  }
}

@description('The account.')
output id string = account.id
