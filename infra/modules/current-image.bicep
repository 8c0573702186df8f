// The image that an app has now, so that a change of its settings does not take it back to the placeholder.
param exists bool
param name string

resource app 'Microsoft.App/containerApps@2025-01-01' existing = if (exists) {
  name: name
}

// The placeholder answers nothing that the probes ask for: it waits, unready, for the first 'azd deploy'.
output image string = exists ? app!.properties.template.containers[0].image : 'mcr.microsoft.com/azuredocs/containerapps-helloworld:latest'
