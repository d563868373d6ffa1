// Everything that CrmServerless stands on, in one resource group. What runs: app.bicep. What it may do: access.bicep.

import { accountType, stageType, tagsType } from 'types.bicep'

@description('Begins the name of every resource: 2 to 8 of a-z and 0-9.')
@minLength(2)
@maxLength(8)
param name string

@description('dev or prod; part of every name.')
@allowed(['dev', 'prod'])
param stage string

param location string = resourceGroup().location

@description('The Official Accounts and WeCom applications, without their secrets.')
@minLength(1)
param accounts accountType[]

@description('Who gets an alert whose word list names nobody.')
param defaultOwner string = '店长'

@description('Who gets a mail when an alert of the machinery fires.')
param alertEmails string[] = []

@description('Client id of the Entra app registration by which operators sign in.')
param operatorAppId string

param serviceBusSku 'Standard' | 'Premium' = 'Standard'
param serviceBusCapacity 1 | 2 | 4 | 8 | 16 = 1

@description('Request units a second at the peak, a multiple of 1,000; null: serverless.')
param cosmosMaxThroughput int?

@description('Copies of the data in three zones of the region, which must have them.')
param zoneRedundant bool = false

@description('Keep instances warm: needed wherever a person waits.')
param alwaysReady bool = true

@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

param instanceMemory 512 | 2048 | 4096 = 2048

@description('Share of the traces that are kept, 0 to 1. No alert needs them, and they are the dearest part of a callback.')
param traceRatio string = '1'

@description('A VNet with a NAT gateway, whose address goes on the IP allow-list of WeChat.')
param staticOutboundAddress bool = true

param customDomain string?
param customDomainThumbprint string?

@description('Keeps a deleted Key Vault for 90 days; cannot be turned off again.')
param purgeProtection bool = true

@description('Gigabytes of logs a day; -1: no limit.')
param dailyQuotaGb int = -1

var stages stageType[] = loadJsonContent('pipeline.json')
var topicName = 'crm'
var databaseName = 'crm'
var packagesContainer = 'packages'

// Names that are addresses must be unique in the whole cloud; thirteen letters of the group's id make them so.
var unique = uniqueString(resourceGroup().id)
var base = '${name}-${stage}'
var global = '${base}-${unique}'
var tags tagsType = { app: 'CrmServerless', stage: stage }

var names = {
  identity: base
  workspace: base
  insights: base
  namespace: global
  eventGridTopic: global
  cosmos: global
  app: global
  // Letters and digits only, 24 at most.
  storage: take('${name}${take(stage, 1)}d${unique}', 24)
  spill: take('${name}${take(stage, 1)}s${unique}', 24)
  // 24 at most, and the unique part must survive.
  vault: '${take(base, 10)}-${unique}'
}

module monitoring 'monitoring.bicep' = {
  params: {
    workspaceName: names.workspace
    insightsName: names.insights
    location: location
    tags: tags
    dailyQuotaGb: dailyQuotaGb
  }
}

module identity 'identity.bicep' = {
  params: { name: names.identity, location: location, tags: tags }
}

module messaging 'messaging.bicep' = {
  params: {
    namespaceName: names.namespace
    topicName: topicName
    eventGridTopicName: names.eventGridTopic
    location: location
    tags: tags
    stages: stages
    sku: serviceBusSku
    capacity: serviceBusCapacity
    workspaceId: monitoring.outputs.workspaceId
  }
}

module data 'data.bicep' = {
  params: {
    cosmosName: names.cosmos
    databaseName: databaseName
    storageName: names.storage
    spillName: names.spill
    location: location
    tags: tags
    maxThroughput: cosmosMaxThroughput
    zoneRedundant: zoneRedundant
    packagesContainer: packagesContainer
  }
}

module secrets 'secrets.bicep' = {
  params: {
    name: names.vault
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    purgeProtection: purgeProtection
  }
}

module access 'access.bicep' = {
  params: {
    identityName: names.identity
    namespaceName: names.namespace
    topicName: topicName
    eventGridTopicName: names.eventGridTopic
    cosmosName: names.cosmos
    databaseName: databaseName
    storageName: names.storage
    spillName: names.spill
    vaultName: names.vault
    insightsName: names.insights
  }
  dependsOn: [identity, messaging, data, secrets, monitoring]
}

module network 'network.bicep' = if (staticOutboundAddress) {
  params: { name: base, location: location, tags: tags }
}

module app 'app.bicep' = {
  params: {
    name: names.app
    location: location
    tags: tags
    identityName: names.identity
    stages: stages
    accounts: accounts
    defaultOwner: defaultOwner
    alwaysReady: alwaysReady
    maximumInstanceCount: maximumInstanceCount
    instanceMemory: instanceMemory
    traceRatio: traceRatio
    operatorAppId: operatorAppId
    subnetId: network.?outputs.subnetId
    customDomain: customDomain
    customDomainThumbprint: customDomainThumbprint
    fullyQualifiedNamespace: messaging.outputs.fullyQualifiedNamespace
    topicName: topicName
    cosmosEndpoint: data.outputs.cosmosEndpoint
    databaseName: databaseName
    storageName: names.storage
    spillName: names.spill
    vaultName: names.vault
    eventGridEndpoint: messaging.outputs.eventGridEndpoint
    insightsConnectionString: monitoring.outputs.connectionString
    packagesContainer: packagesContainer
  }
  // The app reads its secrets and its package as soon as it is there.
  dependsOn: [access]
}

module alerts 'alerts.bicep' = {
  params: {
    name: base
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    stages: stages
    emails: alertEmails
  }
}

output appName string = names.app
output vaultName string = names.vault

@description('Goes into the console of WeChat as the server URL, with the name of the account behind it.')
output callbackUrl string = 'https://${customDomain ?? app.outputs.hostName}/api/wechat/'

@description('Goes on the IP allow-list of WeChat; empty without a static address.')
output outboundAddress string = network.?outputs.address ?? ''
