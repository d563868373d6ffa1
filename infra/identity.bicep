import { tagsType } from 'types.bicep'

param name string
param location string
param tags tagsType

@description('What the function app is to every other resource. Not system-assigned: its rights must exist before the app does.')
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}
