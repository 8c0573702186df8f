namespace Aspire.Hosting.ApplicationModel;

internal sealed class EndpointReference(ProjectResource resource)
{
    public string Url => resource.Address.ToString().TrimEnd('/');
}
