// The rights of the identity on Caluma's media: write, read and delete objects in their container.

@description('Whose.')
param identityId string

@description('The same, as roles name it.')
param principalId string

@description('The storage account of the media, which must exist.')
param storageName string

@description('Their container, which must exist.')
param containerName string

// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
var storageBlobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' existing = {
  name: '${storageName}/default/${containerName}'
}

resource role 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(container.id, identityId, storageBlobDataContributor)
  scope: container
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataContributor)
  }
}
