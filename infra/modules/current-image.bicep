// Reads the current image of an app, so that a new deployment of the template does not reset it to the placeholder.
param exists bool
param name string

resource app 'Microsoft.App/containerApps@2025-01-01' existing = if (exists) {
  name: name
}

// The placeholder does not serve the probed paths: the app stays unready until the first 'azd deploy'.
output image string = exists ? app!.properties.template.containers[0].image : 'mcr.microsoft.com/azuredocs/containerapps-helloworld:latest'
