import { tagsType } from 'types.bicep'

param cosmosName string
param databaseName string

@description('Holds the host, its packages and the rows of the daily report.')
param storageName string

@description('Holds events that the bus did not take. An account of its own: neither a deployment nor the traffic of the rows may stand in its way.')
param spillName string

param location string
param tags tagsType

@description('Request units a second at the peak of both containers together; autoscale goes down to a tenth. Null: serverless.')
param maxThroughput int?

param zoneRedundant bool

@description('Container of the packages of the function app.')
param packagesContainer string

var storageSku = zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS'

// Only what is asked for is indexed: the partition key, which is not by itself, and what search screens look at, under /f.
// The document itself, under /data, never is.
var indexing = {
  indexingMode: 'consistent'
  automatic: true
  includedPaths: [{ path: '/pk/?' }, { path: '/f/*' }]
  excludedPaths: [{ path: '/*' }]
}

resource cosmos 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' = {
  name: cosmosName
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    locations: [{ locationName: location, failoverPriority: 0, isZoneRedundant: zoneRedundant }]
    capabilities: maxThroughput == null ? [{ name: 'EnableServerless' }] : []
    // A stale read is seen by its version and tried again; stronger consistency would double the price of every read.
    consistencyPolicy: { defaultConsistencyLevel: 'Session' }
    backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: 'Continuous7Days' } }
    disableLocalAuth: true
    disableKeyBasedMetadataWriteAccess: true
    minimalTlsVersion: 'Tls12'
    publicNetworkAccess: 'Enabled'
  }
}

resource database 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2025-04-15' = {
  parent: cosmos
  name: databaseName
  properties: {
    resource: { id: databaseName }
    options: maxThroughput == null ? {} : { autoscaleSettings: { maxThroughput: maxThroughput } }
  }
}

resource customers 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2025-04-15' = {
  parent: database
  name: 'customers'
  properties: {
    resource: {
      id: 'customers'
      partitionKey: { paths: ['/pk'], kind: 'Hash', version: 2 }
      indexingPolicy: indexing
    }
  }
}

resource work 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2025-04-15' = {
  parent: database
  name: 'work'
  properties: {
    resource: {
      id: 'work'
      partitionKey: { paths: ['/pk'], kind: 'Hash', version: 2 }
      indexingPolicy: indexing
      // A document lives for ever unless it carries a ttl of its own.
      defaultTtl: -1
    }
  }
}

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' = [
  for each in [storageName, spillName]: {
    name: each
    location: location
    tags: tags
    kind: 'StorageV2'
    sku: { name: storageSku }
    properties: {
      accessTier: 'Hot'
      allowSharedKeyAccess: false
      allowBlobPublicAccess: false
      allowCrossTenantReplication: false
      defaultToOAuthAuthentication: true
      minimumTlsVersion: 'TLS1_2'
      supportsHttpsTrafficOnly: true
      publicNetworkAccess: 'Enabled'
    }
  }
]

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: storage[0]
  name: 'default'
}

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: blobs
  name: packagesContainer
  properties: { publicAccess: 'None' }
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices@2024-01-01' = [
  for i in range(0, 2): {
    parent: storage[i]
    name: 'default'
  }
]

resource stats 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' = {
  parent: tables[0]
  name: 'stats'
}

resource spill 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' = {
  parent: tables[1]
  name: 'spill'
}

output cosmosEndpoint string = cosmos.properties.documentEndpoint
