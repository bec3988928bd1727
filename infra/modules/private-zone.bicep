// A private DNS zone, and its link to the network.

import { tagsType } from 'types.bicep'

@description('The name of the zone.')
param name string

@description('Its tags.')
param tags tagsType

@description('The network.')
param networkId string

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: name
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = {
    name: 'healthz'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: networkId
      }
    }
  }
}

@description('The zone.')
output id string = zone.id
