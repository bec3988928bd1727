// Caluma.Healthz on Azure: the function app, its rights and its alerts. docs/deploy.md explains the deployment.
targetScope = 'resourceGroup'

import { secretsType, settingsType, tagsType } from 'modules/types.bicep'

@description('Distinguishes several probes in one resource group. It is a part of the hash that makes names unique.')
@minLength(1)
param environmentName string

@description('The region of everything that has one.')
param location string = resourceGroup().location

@description('Tags of every resource.')
param tags tagsType = {}

@description('Caluma\'s own switch. Without it every route answers 404, the timer records nothing, and heartbeat-missing fires.')
param endpointEnabled bool = true

@description('When the timer runs the checks: an NCRONTAB expression in UTC.')
param schedule string = '0 * * * * *'

@description('The timeout of every target, as hours:minutes:seconds.')
param timeout string = '00:00:05'

@description('The objective in percent, per target.')
param slo string = '99.5'

@description('The retention of records in days. The probe deletes older ones; the storage account does so while the probe is off.')
@minValue(1)
@maxValue(3650)
param retentionDays int = 90

@description('The Caluma release whose migrations must be applied, such as 9.3.3, or auto.')
param calumaVersion string = 'auto'

@description('Maintenance windows, in which runs are recorded, but not counted and not alerted on: start/end in ISO 8601.')
param maintenance string[] = []

@description('Further app settings, such as Healthz__Checks.')
param settings settingsType = {}

@description('The database aliases. The connection string of each is the secret database-<alias> of the key vault.')
param databases string[] = ['default']

@description('The cache aliases, none where Caluma has no cache of its own. The address of each is the secret cache-<alias>.')
param caches string[] = ['default']

@description('The secrets that are to be written into the key vault, by name. What is empty is left there as it is.')
param secrets secretsType = {}

@description('The storage account of Caluma\'s media; empty where the media are not on Azure.')
param mediaStorageAccount string = ''

@description('The resource group of that account; empty for the one of the probe.')
param mediaStorageResourceGroup string = ''

@description('The container of the media. It must exist.')
param mediaStorageContainer string = 'caluma-media'

@description('Memory of an instance. At 512 MB the free grant covers a run of two seconds every minute.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 512

@description('The maximum of instances of each function group: all HTTP functions, and the timer. Some regions need at least 40.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 4

@description('The number of concurrent requests of an instance: 100 for each 512 MB and its quarter of a core (docs/cost.md).')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 100 * (instanceMemoryMB / 512)

@description('The number of instances that are kept warm for requests, which cost money.')
@minValue(0)
param alwaysReadyInstances int = 0

@description('Whether instances are spread over availability zones. Takes a storageSku with ZRS in it.')
param zoneRedundant bool = false

@description('Whether a deployment replaces instances one by one (public preview) rather than all at once.')
param rollingUpdates bool = false

@description('The replication of the storage account of the probe.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_LRS'

@description('none: everything over public addresses. new: a virtual network of its own, and private endpoints. existing: subnets that you have.')
@allowed(['none', 'new', 'existing'])
param networking string = 'none'

@description('new: the addresses of the network.')
param networkPrefix string = '10.90.0.0/24'

@description('existing: the subnet that the app calls out from, delegated to Microsoft.App/environments.')
param functionsSubnetId string = ''

@description('existing: the subnet for private endpoints; empty for none, and storage and key vault stay reachable from outside.')
param endpointsSubnetId string = ''

@description('existing: the zone privatelink.blob.…; empty where a policy of yours registers private endpoints.')
param blobZoneId string = ''

@description('existing: the zone privatelink.vaultcore.azure.net; likewise.')
param vaultZoneId string = ''

@description('false, for trials: a deleted key vault can be purged. Else its name stays taken for 90 days. true is for ever.')
param purgeProtection bool = true

@description('An existing Log Analytics workspace in the same region; empty to create one.')
param workspaceId string = ''

@description('The retention of logs in a new workspace, in days. 90 are free in the App* tables, 31 in others.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('Who gets the alerts by e-mail.')
@minLength(1)
param alertEmails string[]

@description('The address that gets the alerts as a webhook in the common alert schema, secrets in it included; empty for none.')
@secure()
param alertWebhook string = ''

@description('false: the rules are there and evaluate nothing.')
param alertsEnabled bool = true

@description('Without a sign of the timer for so long, heartbeat-missing fires. At least two intervals and 5 minutes.')
@allowed(['PT10M', 'PT15M', 'PT30M', 'PT1H', 'PT2H', 'PT6H', 'P1D'])
param heartbeatWindow string = 'PT10M'

@description('How the log reaches Application Insights. relay: by the Functions host. openTelemetry: by the worker itself, with metrics, and check-failing is a metric alert; it takes longer to start (docs/alerting.md).')
@allowed(['relay', 'openTelemetry'])
param telemetry string = 'relay'

@description('Whether Application Insights tells of failed requests by itself; to it every 503 is one.')
param failureAnomalies bool = false

@description('The address of the runbook, for links in mails. Each alert links to its section.')
param runbook string = 'https://github.com/projectcaluma/caluma-healthz/blob/main/docs/runbook.md'

@description('Whether Azure calls the probe from outside.')
param availabilityTest bool = false

@description('The function key of the test. Use it for nothing else: everybody who may read the test can read it.')
@secure()
param availabilityKey string = ''

@description('The places of the test, in Europe by default. The alert fires when two of them fail. Fewer places cost less.')
@minLength(1)
param availabilityLocations string[] = [
  'emea-nl-ams-azr'
  'emea-gb-db3-azr'
  'emea-ru-msa-edge'
  'emea-se-sto-edge'
  'emea-fr-pra-edge'
]

@description('The interval of calls from each place, in seconds. 900 costs a third of 300.')
@allowed([300, 600, 900])
param availabilityFrequency int = 900

var unique = uniqueString(resourceGroup().id, environmentName)
var allTags = union({ application: 'caluma-healthz', 'azd-env-name': environmentName }, tags)
var identityName = 'id-healthz-${unique}'
var workspaceName = 'log-healthz-${unique}'
var componentName = 'appi-healthz-${unique}'
var functionAppName = 'func-healthz-${unique}'
var actionGroupName = 'ag-healthz-${unique}'
var storageName = 'sthealthz${unique}'
var vaultName = 'kv-healthz-${unique}'
var blobUri = 'https://${storageName}.blob.${environment().suffixes.storage}/'
var secretsUri = 'https://${vaultName}${environment().suffixes.keyvaultDns}/secrets/'
var historyContainer = 'healthz'
var packageContainer = 'packages'
var withEndpoints = networking == 'new' || (networking == 'existing' && !empty(endpointsSubnetId))

module identity 'modules/identity.bicep' = {
  params: {
    name: identityName
    location: location
    tags: allTags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    workspaceName: workspaceName
    componentName: componentName
    location: location
    tags: allTags
    workspaceId: workspaceId
    retentionDays: logRetentionDays
    metricDimensions: telemetry == 'openTelemetry'
  }
}

module storage 'modules/storage.bicep' = {
  params: {
    name: storageName
    location: location
    tags: allTags
    sku: zoneRedundant && !contains(storageSku, 'ZRS')
      ? fail('zoneRedundant is true, so storageSku must be Standard_ZRS or Standard_GZRS')
      : storageSku
    publicAccess: !withEndpoints
    packageContainer: packageContainer
    historyContainer: historyContainer
    retentionDays: retentionDays
  }
}

module keyVault 'modules/key-vault.bicep' = {
  params: {
    name: vaultName
    location: location
    tags: allTags
    publicAccess: !withEndpoints
    purgeProtection: purgeProtection
    secretNames: concat(map(databases, alias => 'database-${alias}'), map(caches, alias => 'cache-${alias}'))
    secrets: secrets
    workspaceId: monitoring.outputs.workspaceId
  }
}

module network 'modules/network.bicep' = if (networking != 'none') {
  params: {
    name: 'vnet-healthz-${unique}'
    location: location
    tags: allTags
    createNetwork: networking == 'new'
    prefix: networkPrefix
    functionsSubnetId: networking == 'existing' && empty(functionsSubnetId)
      ? fail('networking is existing, so functionsSubnetId is needed')
      : functionsSubnetId
    endpointsSubnetId: endpointsSubnetId
    blobZoneId: blobZoneId
    vaultZoneId: vaultZoneId
    blobEndpointName: 'pep-${storageName}'
    vaultEndpointName: 'pep-${vaultName}'
    storageId: storage.outputs.id
    vaultId: keyVault.outputs.id
  }
}

module roles 'modules/roles.bicep' = {
  params: {
    identityName: identityName
    principalId: identity.outputs.principalId
    storageName: storageName
    vaultName: vaultName
    componentName: componentName
  }
  // The names are given here, so that what-if shows the roles; so the dependency must be explicit.
  dependsOn: [storage, keyVault, monitoring]
}

module mediaRole 'modules/media-role.bicep' = if (!empty(mediaStorageAccount)) {
  scope: resourceGroup(empty(mediaStorageResourceGroup) ? resourceGroup().name : mediaStorageResourceGroup)
  params: {
    identityId: resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', identityName)
    principalId: identity.outputs.principalId
    storageName: mediaStorageAccount
    containerName: mediaStorageContainer
  }
}

module functionApp 'modules/function-app.bicep' = {
  params: {
    name: functionAppName
    planName: 'plan-healthz-${unique}'
    location: location
    tags: allTags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storageName
    storageBlobUri: blobUri
    packageContainer: packageContainer
    insightsConnectionString: monitoring.outputs.connectionString
    telemetry: telemetry
    subnetId: network.?outputs.functionsSubnetId ?? ''
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    httpConcurrency: httpConcurrency
    alwaysReadyInstances: alwaysReadyInstances
    zoneRedundant: zoneRedundant
    rollingUpdates: rollingUpdates
    settings: union(
      {
        ENABLE_HEALTHZ_ENDPOINT: endpointEnabled ? 'true' : 'false'
        HEALTHZ_SCHEDULE: schedule
        Healthz__Timeout: timeout
        Healthz__Slo: slo
        Healthz__Migrations__CalumaVersion: calumaVersion
        Healthz__History__ServiceUri: blobUri
        Healthz__History__Container: historyContainer
        Healthz__History__RetentionDays: string(retentionDays)
      },
      toObject(
        databases,
        alias => 'Healthz__Databases__${alias}',
        alias => '@Microsoft.KeyVault(SecretUri=${secretsUri}database-${alias})'
      ),
      toObject(
        caches,
        alias => 'Healthz__Caches__${alias}',
        alias => '@Microsoft.KeyVault(SecretUri=${secretsUri}cache-${alias})'
      ),
      toObject(range(0, length(maintenance)), index => 'Healthz__Maintenance__${index}', index => maintenance[index]),
      empty(mediaStorageAccount)
        ? {}
        : {
            Healthz__MediaStorage__ServiceUri: 'https://${mediaStorageAccount}.blob.${environment().suffixes.storage}/'
            Healthz__MediaStorage__Container: mediaStorageContainer
          },
      settings
    )
  }
  // The host reads its package, keys and secrets at its start, and gives up without the rights.
  dependsOn: [roles, mediaRole]
}

module alerts 'modules/alerts.bicep' = {
  params: {
    actionGroupName: actionGroupName
    namePrefix: 'healthz-${environmentName}'
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
    componentId: monitoring.outputs.componentId
    componentName: componentName
    emails: alertEmails
    webhook: alertWebhook
    enabled: alertsEnabled
    heartbeatWindow: heartbeatWindow
    telemetry: telemetry
    failureAnomalies: failureAnomalies
    runbook: runbook
  }
}

module availability 'modules/availability.bicep' = if (availabilityTest) {
  params: {
    name: 'healthz-${environmentName}-availability'
    location: location
    tags: allTags
    componentId: monitoring.outputs.componentId
    actionGroupId: alerts.outputs.actionGroupId
    url: '${functionApp.outputs.url}healthz/bare'
    key: availabilityKey
    locations: availabilityLocations
    frequency: availabilityFrequency
    enabled: alertsEnabled
    runbook: runbook
  }
}

module workbook 'modules/workbook.bicep' = {
  params: {
    name: guid(resourceGroup().id, environmentName, 'workbook')
    displayName: 'Caluma.Healthz ${environmentName}'
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
    componentId: monitoring.outputs.componentId
  }
}

@description('The probe.')
output healthzUrl string = '${functionApp.outputs.url}healthz/'

@description('A command that prints the key for calls.')
output healthzShowKey string = 'az functionapp keys list --resource-group ${resourceGroup().name} --name ${functionAppName} --query functionKeys.default --output tsv'

@description('The function app, to deploy to.')
output healthzFunctionApp string = functionAppName

@description('The key vault, to put connection strings into.')
output healthzKeyVault string = vaultName

@description('The storage account of the records.')
output healthzStorageAccount string = storageName

@description('The workspace of the logs, which is also what the log alerts are about: alert processing rules have to name it.')
output healthzWorkspace string = monitoring.outputs.workspaceId

@description('The action group of all alerts.')
output healthzActionGroup string = actionGroupName

@description('A command that sends a test alert to the first address.')
output healthzTestAlert string = 'az monitor action-group test-notifications create --resource-group ${resourceGroup().name} --action-group ${actionGroupName} --alert-type logalertv2 --add-action email email-1 ${alertEmails[0]} usecommonalertschema'

@description('The name of the identity, which is also its name as a database user.')
output healthzIdentity string = identityName
