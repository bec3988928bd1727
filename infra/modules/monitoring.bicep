// The logs: Application Insights on a Log Analytics workspace.

import { tagsType } from 'types.bicep'

@description('The name of a new workspace.')
param workspaceName string

@description('The name of the Application Insights component.')
param componentName string

@description('Their region.')
param location string

@description('Their tags.')
param tags tagsType

@description('An existing workspace; empty to create one.')
param workspaceId string

@description('The retention of logs in a new workspace, in days.')
param retentionDays int

@description('Whether custom metrics keep their dimensions, for alerts.')
param metricDimensions bool

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = if (empty(workspaceId)) {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    features: {
      disableLocalAuth: true
    }
  }
}

var usedWorkspaceId = empty(workspaceId) ? workspace.id : workspaceId

// No SamplingPercentage and no daily cap: either would drop the events that the alerts need.
resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  #disable-next-line BCP037
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: usedWorkspaceId
    DisableLocalAuth: true
    // Without it a custom metric has no dimension that an alert could tell checks apart by. The compiler's types lack it, hence the
    // directive above: https://github.com/Azure/bicep-types-az/issues/2048.
    ...(metricDimensions ? { CustomMetricsOptedInType: 'WithDimensions' } : {})
  }
}

@description('The workspace in use.')
output workspaceId string = usedWorkspaceId

@description('The component; the logs of this probe carry it in _ResourceId.')
output componentId string = component.id

@description('Where to send to. No secret: the component takes no log without a token.')
output connectionString string = component.properties.ConnectionString
