// Azure calls the probe from outside. Off without its own key, because it costs more than all the rest (docs/deploy.md).

import { tagsType } from 'types.bicep'

@description('The name of the test and of its alert.')
param name string

@description('Its region.')
param location string

@description('Its tags.')
param tags tagsType

@description('The Application Insights component of the app.')
param componentId string

@description('Who hears of it.')
param actionGroupId string

@description('What it calls.')
param url string

@description('The function key of the test. Everybody who may read the test can read it.')
@secure()
param key string

@description('The places of the test.')
param locations string[]

@description('The interval of calls, in seconds.')
@allowed([300, 600, 900])
param frequency int

@description('Whether it calls.')
param enabled bool

@description('The address of the runbook.')
param runbook string

resource test 'Microsoft.Insights/webtests@2022-06-15' = {
  name: name
  location: location
  tags: union(tags, { 'hidden-link:${componentId}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: name
    Name: name
    Kind: 'standard'
    Enabled: enabled
    Frequency: frequency
    // Longer than a run and a cold start.
    Timeout: 30
    RetryEnabled: true
    Locations: [
      for location in locations: {
        Id: location
      }
    ]
    Request: {
      RequestUrl: url
      HttpVerb: 'GET'
      FollowRedirects: false
      ParseDependentRequests: false
      Headers: [
        {
          key: 'x-functions-key'
          value: key
        }
      ]
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 7
    }
  }
}

resource alert 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    description: 'The probe does not answer 200 to a caller from outside: something is unhealthy, or the probe is not reached at all. ${runbook}#availability'
    severity: 1
    enabled: enabled
    scopes: [test.id, componentId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: test.id
      componentId: componentId
      // A single failing place may be at fault itself: https://learn.microsoft.com/azure/azure-monitor/app/availability-alerts.
      failedLocationCount: min(length(locations), 2)
    }
    actions: [
      {
        actionGroupId: actionGroupId
        webHookProperties: {
          runbook: '${runbook}#availability'
        }
      }
    ]
  }
}
