// The alert rules. They find events by their names, which are a contract (CONTRIBUTING.md), in the message, because
// the host relays little else of an isolated worker. The queries are in files; the tests run them over the probe's own log.

import { tagsType } from 'types.bicep'

@description('The name of the action group.')
param actionGroupName string

@description('What the names of the rules begin with.')
param namePrefix string

@description('Their region, which must be that of the workspace.')
param location string

@description('Their tags.')
param tags tagsType

@description('What the rules query.')
param workspaceId string

@description('Whose logs they look at in it.')
param componentId string

@description('The same, as its rule of failure anomalies names it.')
param componentName string

@description('Who gets an e-mail.')
param emails string[]

@description('Where a webhook goes; empty for none.')
@secure()
param webhook string

@description('Whether the rules evaluate anything.')
param enabled bool

@description('The time after which a silent timer fires the alert.')
param heartbeatWindow string

@description('How the log reaches Application Insights: relay, or openTelemetry, with metrics.')
@allowed(['relay', 'openTelemetry'])
param telemetry string

@description('Whether Application Insights tells of failed requests by itself.')
param failureAnomalies bool

@description('The address of the runbook.')
param runbook string

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'healthz'
    enabled: true
    emailReceivers: [
      // Test notifications need these names: docs/deploy.md.
      for (email, index) in emails: {
        name: 'email-${index + 1}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
    webhookReceivers: empty(webhook)
      ? []
      : [
          {
            name: 'webhook'
            serviceUri: webhook
            useCommonAlertSchema: true
          }
        ]
  }
}

// Azure checks a query when it makes the rule, and switches a rule off whose query has failed for a week; a workspace has a table only
// from its first row on. So each query is a fuzzy union with an empty table of its own columns, and is not checked
// (https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-troubleshoot-log). Such a query cannot be run every minute.
//
// A rule every 5 minutes costs three times as much as one every 15, so only rules that page are evaluated that often.
var rules = [
  {
    name: 'alert-critical'
    severity: 0
    title: 'an incident is open'
    description: 'An incident of a database, a cache, the media storage or the probe itself is open. The dimensions say which, why, since when, and what to do next.'
    query: loadTextContent('../queries/alert-critical.kql')
    measure: ''
    // None of these dimensions changes while an incident is open, so that it is one alert and one mail.
    dimensions: ['Id', 'Target', 'Reason', 'Started', 'Next']
    operator: 'GreaterThan'
    threshold: 0
    frequency: 'PT5M'
    // The longest window of a rule. The probe repeats every 5 minutes what is open, so an incident may last longer.
    window: 'P2D'
  }
  {
    name: 'alert-warning'
    severity: 2
    title: 'an incident that can wait is open'
    description: 'A database, a cache or the media storage is slow, flaps, or uses up its error budget. It can wait for the morning: the dimensions say what to look at.'
    query: loadTextContent('../queries/alert-warning.kql')
    measure: ''
    // None of these dimensions changes while an incident is open, so that it is one alert and one mail.
    dimensions: ['Id', 'Target', 'Reason', 'Started', 'Next']
    operator: 'GreaterThan'
    threshold: 0
    frequency: 'PT15M'
    window: 'P2D'
  }
  {
    name: 'check-failing'
    severity: 2
    title: 'a check keeps failing'
    description: 'A check has failed in at least 3 of the last 15 minutes without an incident: only for callers, as a rule. Look up the reason of the check.'
    query: loadTextContent('../queries/check-failing.kql')
    measure: 'FailedMinutes'
    dimensions: ['Check', 'Target']
    operator: 'GreaterThanOrEqual'
    threshold: 3
    frequency: 'PT15M'
    // The query counts failures of 15 minutes, and looks for incidents in the longest window of a rule.
    window: 'P2D'
  }
  {
    name: 'heartbeat-missing'
    severity: 1
    title: 'the timer is silent'
    // With a log that is 5 minutes late, PT10M still has 5 minutes with heartbeats; a dead timer is noticed at the first
    // evaluation, every 5 minutes, after those 10.
    description: 'The timer has given no sign for ${heartbeatWindow}: nothing is checked, and no other rule can fire. Run every minute and with PT10M, a dead timer is noticed within 15 minutes, and logs that come up to 5 minutes late raise nothing. Restart the function app.'
    query: loadTextContent('../queries/heartbeat-missing.kql')
    measure: 'Heartbeats'
    dimensions: []
    operator: 'LessThan'
    threshold: 1
    frequency: 'PT5M'
    window: heartbeatWindow
  }
  {
    name: 'record-failed'
    severity: 2
    title: 'the history cannot be written'
    description: 'Records of runs could not be written, or are lost. Checks go on, trends and alerts suffer. Look at the storage account.'
    query: loadTextContent('../queries/record-failed.kql')
    measure: ''
    dimensions: ['Reason']
    operator: 'GreaterThan'
    threshold: 0
    frequency: 'PT15M'
    window: 'PT15M'
  }
  {
    name: 'configuration-invalid'
    severity: 1
    title: 'the settings are invalid'
    description: 'The probe cannot run with its settings, and checks nothing. The log lists all problems.'
    query: loadTextContent('../queries/configuration-invalid.kql')
    measure: ''
    dimensions: []
    operator: 'GreaterThan'
    threshold: 0
    frequency: 'PT15M'
    window: 'PT15M'
  }
  {
    name: 'function-exception'
    severity: 2
    title: 'the probe itself threw'
    description: 'A function ended with an exception, which is a bug. Look at the exception, and report it.'
    query: loadTextContent('../queries/function-exception.kql')
    measure: ''
    dimensions: ['Function', 'Exception']
    operator: 'GreaterThan'
    threshold: 0
    frequency: 'PT15M'
    window: 'PT15M'
  }
]

// With metrics, a rule that looks at one every minute costs less than a log alert every 15.
var logRules = filter(rules, rule => telemetry == 'relay' || rule.name != 'check-failing')

resource rule 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in logRules: {
    name: '${namePrefix}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${namePrefix}: ${rule.title}'
      description: '${rule.description} ${runbook}#${rule.name}'
      enabled: enabled
      severity: rule.severity
      scopes: [workspaceId]
      evaluationFrequency: rule.frequency
      windowSize: rule.window
      autoMitigate: true
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: replace(rule.query, '{component}', componentId)
            timeAggregation: empty(rule.measure) ? 'Count' : 'Maximum'
            metricMeasureColumn: empty(rule.measure) ? null : rule.measure
            dimensions: map(rule.dimensions, dimension => {
              name: dimension
              operator: 'Include'
              values: ['*']
            })
            operator: rule.operator
            threshold: rule.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [actionGroup.id]
        customProperties: {
          runbook: '${runbook}#${rule.name}'
        }
      }
    }
  }
]

// Of a check whose verdicts fail more often than they pass within 5 minutes: upon the third failure in a row, and not upon one. A metric
// knows no incidents, so this one tells of each check, beside the mail about the incident.
resource checkFailing 'Microsoft.Insights/metricAlerts@2018-03-01' = if (telemetry == 'openTelemetry') {
  name: '${namePrefix}-check-failing'
  location: 'global'
  tags: tags
  properties: {
    description: 'A check has failed in most of its runs of the last 5 minutes. The dimensions say which, and on which target; the log and the dashboard have the reason. ${runbook}#check-failing'
    enabled: enabled
    severity: 2
    scopes: [componentId]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'failing'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'azure.applicationinsights'
          metricName: 'healthz.check.ok'
          dimensions: map(['check', 'target'], dimension => {
            name: dimension
            operator: 'Include'
            values: ['*']
          })
          timeAggregation: 'Average'
          operator: 'LessThan'
          threshold: json('0.5')
          // The metric comes with the first run, and the rule before it.
          skipMetricValidation: true
        }
      ]
    }
    actions: [
      {
        actionGroupId: actionGroup.id
        webHookProperties: {
          runbook: '${runbook}#check-failing'
        }
      }
    ]
  }
}

// Application Insights makes this rule by itself, on, one for each component and under this name, and mails people by it; declared here,
// it is ours. A verdict of 503 is a failed request to it, and what fails has its rule above.
resource anomalies 'Microsoft.AlertsManagement/smartDetectorAlertRules@2021-04-01' = {
  name: 'Failure Anomalies - ${componentName}'
  location: 'global'
  tags: tags
  properties: {
    description: 'More requests fail than usual. The probe answers 503 when Caluma is unhealthy, which other rules report.'
    state: failureAnomalies && enabled ? 'Enabled' : 'Disabled'
    severity: 'Sev3'
    frequency: 'PT1M'
    detector: {
      id: 'FailureAnomaliesDetector'
    }
    scope: [componentId]
    actionGroups: {
      groupIds: [actionGroup.id]
    }
  }
}

@description('Who hears of it, for the rules of other modules.')
output actionGroupId string = actionGroup.id
