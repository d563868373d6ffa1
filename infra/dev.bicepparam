// Cheap and small: serverless stores, no warm instance, no address of its own. Answers to customers need the address
// of the moment on WeChat's allow-list.
using 'main.bicep'

param name = 'crm'
param stage = 'dev'

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

param serviceBusSku = 'Standard'
param alwaysReady = false
param maximumInstanceCount = 40
param staticOutboundAddress = false
param purgeProtection = false
param dailyQuotaGb = 1
