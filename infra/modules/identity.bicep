// The one identity of the probe. User-assigned, so that roles and database users outlive the function app.

import { tagsType } from 'types.bicep'

@description('The name of the identity.')
param name string

@description('Its region.')
param location string

@description('Its tags.')
param tags tagsType

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('The resource.')
output id string = identity.id

@description('What roles are given to.')
output principalId string = identity.properties.principalId

@description('What clients name it by.')
output clientId string = identity.properties.clientId
