import { stageType, tagsType } from 'types.bicep'

param namespaceName string
param topicName string
param eventGridTopicName string
param location string
param tags tagsType

@description('The subscriptions: the entries of pipeline.json.')
param stages stageType[]

@description('Standard allows 1,000 credits a second in the whole namespace; see README.md for what that is in callbacks.')
param sku 'Standard' | 'Premium'

@description('Messaging units of Premium.')
param capacity 1 | 2 | 4 | 8 | 16

param workspaceId string

// What waits longer is not late but stuck, and goes to the dead-letter queue where an alert sees it.
var timeToLive = 'P14D'

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: namespaceName
  location: location
  tags: tags
  sku: sku == 'Premium' ? { name: 'Premium', tier: 'Premium', capacity: capacity } : { name: 'Standard', tier: 'Standard' }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Enabled'
  }
}

resource topic 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = {
  parent: namespace
  name: topicName
  properties: {
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: 'PT1H'
    defaultMessageTimeToLive: timeToLive
    // Sessions keep their order only in one store.
    enablePartitioning: false
    supportOrdering: true
    enableBatchedOperations: true
    maxSizeInMegabytes: sku == 'Premium' ? 81920 : 5120
  }
}

resource subscription 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = [
  for stage in stages: {
    parent: topic
    name: stage.name
    properties: {
      requiresSession: stage.sessions
      lockDuration: 'PT1M'
      // The pipeline dead-letters by itself at delivery 10. What comes here has killed its process 500 times.
      maxDeliveryCount: 500
      defaultMessageTimeToLive: timeToLive
      deadLetteringOnMessageExpiration: true
      deadLetteringOnFilterEvaluationExceptions: true
      enableBatchedOperations: true
    }
  }
]

// Named $Default so that it takes the place of the rule that lets everything through.
resource subjects 'Microsoft.ServiceBus/namespaces/topics/subscriptions/rules@2024-01-01' = [
  for (stage, i) in stages: {
    parent: subscription[i]
    name: '$Default'
    properties: {
      filterType: 'SqlFilter'
      sqlFilter: {
        sqlExpression: 'sys.Label IN (${join(map(stage.subjects, subject => '\'${subject}\''), ', ')})'
      }
    }
  }
]

resource notices 'Microsoft.EventGrid/topics@2025-02-15' = {
  name: eventGridTopicName
  location: location
  tags: tags
  properties: {
    inputSchema: 'CloudEventSchemaV1_0'
    disableLocalAuth: true
    minimumTlsVersionAllowed: '1.2'
    publicNetworkAccess: 'Enabled'
  }
}

// The alerts on topic size and on the broker's own dead letters read these.
resource figures 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: namespace
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Host name alone, with the suffix of the cloud.')
output fullyQualifiedNamespace string = split(split(namespace.properties.serviceBusEndpoint, '://')[1], ':')[0]
output eventGridEndpoint string = notices.properties.endpoint
