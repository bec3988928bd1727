// The parameters of a deployment come from the environment (azd env set NAME VALUE, or export), so that no secret is in a file.
// main.bicep has more parameters; add them here.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param alertEmails = split(readEnvironmentVariable('HEALTHZ_ALERT_EMAILS'), ',')
param alertWebhook = readEnvironmentVariable('HEALTHZ_ALERT_WEBHOOK', '')

// Empty: the secret stays as it is in the key vault.
param secrets = {
  'database-default': readEnvironmentVariable('HEALTHZ_DATABASE', '')
  'cache-default': readEnvironmentVariable('HEALTHZ_CACHE', '')
}

// Empty: Caluma's media are not in an Azure storage account.
param mediaStorageAccount = readEnvironmentVariable('HEALTHZ_MEDIA_ACCOUNT', '')
param mediaStorageResourceGroup = readEnvironmentVariable('HEALTHZ_MEDIA_RESOURCE_GROUP', '')
param mediaStorageContainer = readEnvironmentVariable('HEALTHZ_MEDIA_CONTAINER', 'caluma-media')

// The address of your own copy of the runbook, for the links in the alerts; by default the project's.
param runbook = readEnvironmentVariable(
  'HEALTHZ_RUNBOOK',
  'https://github.com/projectcaluma/caluma-healthz/blob/main/docs/runbook.md'
)

// Empty: no availability test.
param availabilityTest = !empty(readEnvironmentVariable('HEALTHZ_AVAILABILITY_KEY', ''))
param availabilityKey = readEnvironmentVariable('HEALTHZ_AVAILABILITY_KEY', '')
