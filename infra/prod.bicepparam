// What people wait for: warm instances, a static outbound address, three zones, a broker with a share of its own.
using 'main.bicep'

param name = 'crm'
param stage = 'prod'

param accounts = [
  {
    name: 'main'
    kind: 'OfficialAccount'
    appId: readEnvironmentVariable('CRM_APP_ID', 'wxba5fad812f8e6fb9')
    originalId: readEnvironmentVariable('CRM_ORIGINAL_ID', 'gh_97417a04a28d')
    location: 'Drop'
    // While the EncodingAESKey is being rotated: README.md, "Rotate a key".
    previousKey: readEnvironmentVariable('CRM_PREVIOUS_KEY', 'false') == 'true'
  }
]

// All zeros: nobody can sign in as an operator.
param operatorAppId = readEnvironmentVariable('CRM_OPERATOR_APP_ID', '00000000-0000-0000-0000-000000000000')
param alertEmails = filter(split(readEnvironmentVariable('CRM_ALERT_EMAILS', ''), ','), email => !empty(email))

param serviceBusSku = 'Premium'
param serviceBusCapacity = 1
param cosmosMaxThroughput = 4000
param zoneRedundant = true
param alwaysReady = true
param maximumInstanceCount = 100
param staticOutboundAddress = true
param purgeProtection = true
