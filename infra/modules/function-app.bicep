// The probe itself: a function app on the Flex Consumption plan, the only one on Linux by consumption that runs .NET 10.

import { settingsType, tagsType } from 'types.bicep'

@description('The name of the app.')
param name string

@description('The name of its plan.')
param planName string

@description('Their region.')
param location string

@description('Their tags.')
param tags tagsType

@description('Who the app is.')
param identityId string

@description('The same, as clients name it.')
param identityClientId string

@description('Its storage account.')
param storageName string

@description('The blobs of its storage account, with a slash at the end.')
param storageBlobUri string

@description('The container of its package there.')
param packageContainer string

@description('Where its logs go.')
param insightsConnectionString string

@description('How the log gets there: relay, by the host, or openTelemetry, by the worker itself.')
@allowed(['relay', 'openTelemetry'])
param telemetry string

@description('The subnet to call out from; empty for none.')
param subnetId string

@description('Memory of an instance.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('The maximum of instances of each function group.')
param maximumInstanceCount int

@description('The number of concurrent requests of an instance.')
param httpConcurrency int

@description('The number of instances that are kept warm for requests.')
param alwaysReadyInstances int

@description('Whether they are spread over availability zones.')
param zoneRedundant bool

@description('Whether a deployment replaces them one by one.')
param rollingUpdates bool

@description('The settings of the probe.')
param settings settingsType

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

// The settings of the host, all with the identity. AZURE_CLIENT_ID names it to the probe's own clients, and AZURE_TOKEN_CREDENTIALS tells them not
// to try any other way to log in. With the address of the blobs alone, without the account's name, the host has failed to read its keys
// at start, which callers see as 401: https://github.com/Azure/azure-functions-host/issues/11787.
// The last one is of host.json; as a setting it reaches host and worker alike, so that one of them sends the log and not both.
var hostSettings = {
  AzureWebJobsStorage__accountName: storageName
  AzureWebJobsStorage__blobServiceUri: storageBlobUri
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AZURE_CLIENT_ID: identityClientId
  AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential'
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  ...(telemetry == 'openTelemetry' ? { AzureFunctionsJobHost__telemetryMode: 'OpenTelemetry' } : {})
}

// Flex Consumption refuses the whole app for a property that it does not know (51021), in newer regions sooner than in older ones, such as
// siteConfig.ftpsState: https://github.com/Azure/azure-cli/issues/31414. The tests have the list of those that it takes.
resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  // azd finds the app by this tag.
  tags: union(tags, { 'azd-service-name': 'healthz' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    // The compiler's types lack siteUpdateStrategy in every version: https://github.com/Azure/bicep-registry-modules/issues/7200.
    #disable-next-line BCP037
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storageBlobUri}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyInstances == 0
          ? []
          : [
              {
                name: 'http'
                instanceCount: alwaysReadyInstances
              }
            ]
        triggers: {
          http: {
            perInstanceConcurrency: httpConcurrency
          }
        }
      }
      // Absent, not null, by default: a region without this property may refuse its name.
      ...(rollingUpdates ? { siteUpdateStrategy: { type: 'RollingUpdate' } } : {})
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
      appSettings: map(items(union(settings, hostSettings)), setting => {
        name: setting.key
        value: setting.value
      })
    }
  }

  // Deployments use the identity of a person or workflow, not a password of the app. Flex Consumption has no FTP.
  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }
}

@description('Its address, with a slash at the end.')
output url string = 'https://${app.properties.defaultHostName}/'
