namespace Aspire.Hosting.ApplicationModel;

/// <summary>The address of a service, known when it runs.</summary>
internal sealed class EndpointReference(ProjectResource resource)
{
    public string Url => resource.Address.ToString().TrimEnd('/');
}
