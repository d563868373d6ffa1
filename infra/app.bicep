import { accountType, stageType, tagsType } from 'types.bicep'

param name string
param location string
param tags tagsType

param identityName string

param stages stageType[]
param accounts accountType[]

@description('Who gets an alert whose word list names nobody.')
param defaultOwner string

@description('Keep one instance warm for callbacks and for each stage that pipeline.json says. A cold start eats the five seconds.')
param alwaysReady bool

@description('Instances of a function group at most: the cost guard.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int

@description('Megabytes.')
param instanceMemory 512 | 2048 | 4096

@description('Share of the traces that are kept, 0 to 1.')
param traceRatio string

@description('Client id of the Entra app registration by which operators sign in.')
param operatorAppId string

@description('Subnet with the static outbound address; null without.')
param subnetId string?

@description('A domain of your own, without https://; null without.')
param customDomain string?

@description('Thumbprint of its certificate once that is in the app; null until then.')
param customDomainThumbprint string?

param fullyQualifiedNamespace string
param topicName string
param cosmosEndpoint string
param databaseName string
param storageName string
param spillName string
param vaultName string
param eventGridEndpoint string
param insightsConnectionString string
param packagesContainer string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

// The suffixes of the cloud, so that this deploys to Azure China as it is.
var blobEndpoint = 'https://${storageName}.blob.${environment().suffixes.storage}/'
var queueEndpoint = 'https://${storageName}.queue.${environment().suffixes.storage}/'
var tablesEndpoint = 'https://${storageName}.table.${environment().suffixes.storage}/'
var spillEndpoint = 'https://${spillName}.table.${environment().suffixes.storage}/'
var vaultUri = 'https://${vaultName}${environment().suffixes.keyvaultDns}/'

// The secrets of an account are references to Key Vault. A setting that is not given is left out, so that the default in
// AccountBook.cs holds.
var accountSettings = [
  for account in accounts: filter(
    [
      { name: 'Accounts__${account.name}__Kind', value: account.kind }
      { name: 'Accounts__${account.name}__AppId', value: account.appId }
      { name: 'Accounts__${account.name}__OriginalId', value: account.?originalId ?? '' }
      { name: 'Accounts__${account.name}__AgentId', value: account.?agentId ?? '' }
      { name: 'Accounts__${account.name}__Mode', value: account.?mode ?? '' }
      { name: 'Accounts__${account.name}__Reply', value: account.?reply ?? '' }
      { name: 'Accounts__${account.name}__Location', value: account.?location ?? '' }
      { name: 'Accounts__${account.name}__Token', value: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/Accounts--${account.name}--Token)' }
      { name: 'Accounts__${account.name}__EncodingAesKey', value: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/Accounts--${account.name}--EncodingAesKey)' }
      // A reference to a secret that is not there would be read as the key itself.
      { name: 'Accounts__${account.name}__PreviousEncodingAesKey', value: account.?previousKey ?? false ? '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/Accounts--${account.name}--PreviousEncodingAesKey)' : '' }
      { name: 'Accounts__${account.name}__Secret', value: '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/Accounts--${account.name}--Secret)' }
    ],
    setting => !empty(setting.value)
  )
]

// FUNCTIONS_WORKER_RUNTIME is not here: Flex Consumption refuses it, the runtime below says it.
var settings = [
  { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insightsConnectionString }
  { name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING', value: 'ClientId=${identity.properties.clientId};Authorization=AAD' }
  // The exporter's default is five traces a second, however many callbacks there are.
  { name: 'OTEL_TRACES_SAMPLER', value: 'microsoft.fixed_percentage' }
  { name: 'OTEL_TRACES_SAMPLER_ARG', value: traceRatio }
  // Three addresses instead of AzureWebJobsStorage__accountName, which knows the suffix of the global cloud only.
  { name: 'AzureWebJobsStorage__blobServiceUri', value: blobEndpoint }
  { name: 'AzureWebJobsStorage__queueServiceUri', value: queueEndpoint }
  { name: 'AzureWebJobsStorage__tableServiceUri', value: tablesEndpoint }
  { name: 'AzureWebJobsStorage__credential', value: 'managedidentity' }
  { name: 'AzureWebJobsStorage__clientId', value: identity.properties.clientId }
  { name: 'ServiceBus__fullyQualifiedNamespace', value: fullyQualifiedNamespace }
  { name: 'ServiceBus__credential', value: 'managedidentity' }
  { name: 'ServiceBus__clientId', value: identity.properties.clientId }
  { name: 'Azure__ClientId', value: identity.properties.clientId }
  { name: 'Azure__Topic', value: topicName }
  { name: 'Azure__CosmosEndpoint', value: cosmosEndpoint }
  { name: 'Azure__CosmosDatabase', value: databaseName }
  { name: 'Azure__TablesEndpoint', value: tablesEndpoint }
  { name: 'Azure__SpillEndpoint', value: spillEndpoint }
  { name: 'Azure__EventGridEndpoint', value: eventGridEndpoint }
  { name: 'Alerts__DefaultOwner', value: defaultOwner }
]

var warmStages = [
  for stage in filter(stages, stage => (stage.?alwaysReady ?? 0) > 0): {
    name: 'function:${stage.name}'
    instanceCount: stage.?alwaysReady ?? 0
  }
]

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      appSettings: concat(settings, flatten(accountSettings))
    }
    functionAppConfig: {
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${blobEndpoint}${packagesContainer}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.id }
        }
      }
      scaleAndConcurrency: {
        alwaysReady: alwaysReady ? concat([{ name: 'http', instanceCount: 1 }], warmStages) : []
        maximumInstanceCount: maximumInstanceCount
        instanceMemoryMB: instanceMemory
        // A callback takes a millisecond of CPU and waits for the bus the rest of its time. With the default of 16 a burst
        // would start new instances, cold ones, long before the first is busy.
        triggers: { http: { perInstanceConcurrency: 100 } }
      }
      // The other strategy ends every instance at once, callbacks in hand included. In preview; the documentation has it
      // from this API version on, the compiler's types have it not.
      #disable-next-line BCP037
      siteUpdateStrategy: { type: 'RollingUpdate' }
    }
  }
}

// No password opens the deployment door; identities do.
resource noPasswordForFiles 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'ftp'
  properties: { allow: false }
}

resource noPasswordForPackages 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

// Always on: it is what takes a forged X-MS-CLIENT-PRINCIPAL off a request. Calls without a sign-in go through,
// because WeChat has none; the app asks every operator's request for one.
resource signIn 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: { enabled: true, runtimeVersion: '~1' }
    globalValidation: { requireAuthentication: false, unauthenticatedClientAction: 'AllowAnonymous' }
    httpSettings: { requireHttps: true }
    login: { tokenStore: { enabled: false } }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: operatorAppId
          openIdIssuer: uri(environment().authentication.loginEndpoint, '${tenant().tenantId}/v2.0')
        }
        validation: { allowedAudiences: [operatorAppId, 'api://${operatorAppId}'] }
      }
    }
  }
}

resource domain 'Microsoft.Web/sites/hostNameBindings@2024-11-01' = if (customDomain != null) {
  parent: app
  name: customDomain ?? 'none'
  properties: {
    hostNameType: 'Verified'
    sslState: customDomainThumbprint == null ? 'Disabled' : 'SniEnabled'
    thumbprint: customDomainThumbprint
  }
}

output hostName string = app.properties.defaultHostName
