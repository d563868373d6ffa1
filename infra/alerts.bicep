import { stageType, tagsType } from 'types.bicep'

param name string
param location string
param tags tagsType
param workspaceId string
param stages stageType[]

@description('Who gets a mail when an alert fires.')
param emails string[]

// One file a rule; each row that its query returns is a reason to fire. What each means and what to do: README.md.
var rules = [
  { name: 'ack-slow', severity: 1, every: 'PT5M', window: 'PT15M', query: loadTextContent('alerts/ack-slow.kql') }
  { name: 'ack-failed', severity: 0, every: 'PT5M', window: 'PT15M', query: loadTextContent('alerts/ack-failed.kql') }
  { name: 'spill-waiting', severity: 2, every: 'PT15M', window: 'PT30M', query: loadTextContent('alerts/spill-waiting.kql') }
  { name: 'dead-letters', severity: 2, every: 'PT15M', window: 'PT30M', query: loadTextContent('alerts/dead-letters.kql') }
  { name: 'oldest-message', severity: 1, every: 'PT5M', window: 'PT15M', query: loadTextContent('alerts/oldest-message.kql') }
  { name: 'topic-size', severity: 1, every: 'PT15M', window: 'PT30M', query: loadTextContent('alerts/topic-size.kql') }
  { name: 'alert-not-acknowledged', severity: 1, every: 'PT5M', window: 'PT15M', query: loadTextContent('alerts/alert-not-acknowledged.kql') }
  { name: 'report-missing', severity: 2, every: 'PT15M', window: 'PT30M', query: loadTextContent('alerts/report-missing.kql') }
  { name: 'upkeep-silent', severity: 1, every: 'PT15M', window: 'PT1H', query: loadTextContent('alerts/upkeep-silent.kql') }
]

resource duty 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${name}-duty'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'crm-duty'
    enabled: true
    emailReceivers: [for (email, i) in emails: { name: 'mail-${i}', emailAddress: email, useCommonAlertSchema: true }]
  }
}

resource rule 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for each in rules: {
    name: '${name}-${each.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${name} ${each.name}'
      description: 'infra/README.md, "What each alert means", says what to do.'
      enabled: true
      severity: each.severity
      scopes: [workspaceId]
      evaluationFrequency: each.every
      windowSize: each.window
      criteria: {
        allOf: [
          {
            query: each.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      autoMitigate: true
      // A new workspace has no column of ours yet.
      skipQueryValidation: true
      actions: { actionGroups: [duty.id] }
    }
  }
]

// The stages come from pipeline.json, so that one that does nothing has a row as well.
resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, name, 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: '${name} pipeline'
    category: 'workbook'
    version: 'Notebook/1.0'
    sourceId: workspaceId
    serializedData: replace(loadTextContent('workbook.json'), '%STAGES%', join(map(stages, stage => stage.name), ','))
  }
}
