// The subnet of outgoing calls, and private endpoints for their targets: a new network, or existing subnets.

import { tagsType } from 'types.bicep'

@description('The name of a new network.')
param name string

@description('Its region.')
param location string

@description('The tags of all.')
param tags tagsType

@description('Whether to make one.')
param createNetwork bool

@description('The address range of a new network.')
param prefix string

@description('With existing subnets: the subnet that the app calls out from.')
param functionsSubnetId string

@description('With existing subnets: the subnet for private endpoints; empty for none.')
param endpointsSubnetId string

@description('With existing subnets: the DNS zone for blobs; empty if private endpoints are registered in another way.')
param blobZoneId string

@description('With existing subnets: the DNS zone for key vaults; empty if private endpoints are registered in another way.')
param vaultZoneId string

@description('The name of the private endpoint for blobs.')
param blobEndpointName string

@description('The name of the private endpoint for the key vault.')
param vaultEndpointName string

@description('The storage account of the probe.')
param storageId string

@description('Its key vault.')
param vaultId string

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = if (createNetwork) {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [prefix]
    }
    subnets: [
      {
        name: 'functions'
        properties: {
          addressPrefix: cidrSubnet(prefix, 26, 0)
          delegations: [
            {
              name: 'functions'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(prefix, 26, 1)
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }

  resource functions 'subnets' existing = {
    name: 'functions'
  }

  resource endpoints 'subnets' existing = {
    name: 'endpoints'
  }
}

module zones 'private-zone.bicep' = [
  for zone in ['privatelink.blob.${environment().suffixes.storage}', 'privatelink.vaultcore.azure.net']: if (createNetwork) {
    params: {
      name: zone
      tags: tags
      networkId: network.id
    }
  }
]

var usedEndpointsSubnetId = createNetwork ? network::endpoints.id : endpointsSubnetId

module blobEndpoint 'private-endpoint.bicep' = if (createNetwork || !empty(endpointsSubnetId)) {
  params: {
    name: blobEndpointName
    location: location
    tags: tags
    subnetId: usedEndpointsSubnetId
    targetId: storageId
    group: 'blob'
    register: createNetwork || !empty(blobZoneId)
    zoneId: zones[0].?outputs.id ?? blobZoneId
  }
}

module vaultEndpoint 'private-endpoint.bicep' = if (createNetwork || !empty(endpointsSubnetId)) {
  params: {
    name: vaultEndpointName
    location: location
    tags: tags
    subnetId: usedEndpointsSubnetId
    targetId: vaultId
    group: 'vault'
    register: createNetwork || !empty(vaultZoneId)
    zoneId: zones[1].?outputs.id ?? vaultZoneId
  }
}

@description('The subnet that the app calls out from.')
output functionsSubnetId string = createNetwork ? network::functions.id : functionsSubnetId
