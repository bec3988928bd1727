// A private address for one resource, and its name in a private DNS zone.

import { tagsType } from 'types.bicep'

@description('The name of the endpoint.')
param name string

@description('Its region.')
param location string

@description('Its tags.')
param tags tagsType

@description('Where its address is from.')
param subnetId string

@description('What it leads to.')
param targetId string

@description('Which part of that.')
@allowed(['blob', 'vault'])
param group string

@description('Whether to register it in a DNS zone, or leave that to somebody else.')
param register bool

@description('The DNS zone.')
param zoneId string

resource endpoint 'Microsoft.Network/privateEndpoints@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: {
      id: subnetId
    }
    privateLinkServiceConnections: [
      {
        name: group
        properties: {
          privateLinkServiceId: targetId
          groupIds: [group]
        }
      }
    ]
  }

  resource zoneGroup 'privateDnsZoneGroups' = if (register) {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: group
          properties: {
            privateDnsZoneId: zoneId
          }
        }
      ]
    }
  }
}
