// The workbook: availability, latency, reasons and alerts over time, from the same log as the alerts.

import { tagsType } from 'types.bicep'

@description('A GUID.')
param name string

@description('What people see in the portal.')
param displayName string

@description('Its region.')
param location string

@description('Its tags.')
param tags tagsType

@description('What it queries.')
param workspaceId string

@description('Whose logs it looks at in it.')
param componentId string

var charts = [
  {
    title: 'Availability: healthy runs in percent'
    visualization: 'linechart'
    query: loadTextContent('../queries/workbook-availability.kql')
  }
  {
    title: 'Latency: milliseconds of a run'
    visualization: 'linechart'
    query: loadTextContent('../queries/workbook-latency.kql')
  }
  {
    title: 'Failures by check, target and reason'
    visualization: 'table'
    query: loadTextContent('../queries/workbook-failures.kql')
  }
  {
    title: 'Incidents: what people were told'
    visualization: 'table'
    query: loadTextContent('../queries/workbook-incidents.kql')
  }
  {
    title: 'Alerts of single rules, which incidents are made of'
    visualization: 'table'
    query: loadTextContent('../queries/workbook-alerts.kql')
  }
  {
    title: 'Seen from outside: the availability test, where there is one'
    visualization: 'table'
    query: loadTextContent('../queries/workbook-outside.kql')
  }
]

var timeParameter = {
  type: 9
  name: 'time'
  content: {
    version: 'KqlParameterItem/1.0'
    style: 'pills'
    parameters: [
      {
        id: guid('time')
        version: 'KqlParameterItem/1.0'
        name: 'Time'
        type: 4
        isRequired: true
        value: {
          durationMs: 604800000
        }
        typeSettings: {
          selectableValues: map([3600000, 86400000, 604800000, 2592000000, 7776000000], duration => {
            durationMs: duration
          })
          allowCustom: true
        }
      }
    ]
  }
}

// {component} and {workspace} stand for ids that are known only after the deployment.
var content = {
  version: 'Notebook/1.0'
  items: concat(
    [timeParameter],
    map(charts, (chart, index) => {
      type: 3
      name: 'chart ${index}'
      content: {
        version: 'KqlItem/1.0'
        title: chart.title
        query: chart.query
        size: 0
        timeContextFromParameter: 'Time'
        queryType: 0
        resourceType: 'microsoft.operationalinsights/workspaces'
        crossComponentResources: ['{workspace}']
        visualization: chart.visualization
      }
    })
  )
  fallbackResourceIds: ['{workspace}']
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: displayName
    category: 'workbook'
    sourceId: componentId
    serializedData: replace(replace(string(content), '{component}', componentId), '{workspace}', workspaceId)
  }
}
