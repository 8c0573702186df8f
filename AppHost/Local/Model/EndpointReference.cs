namespace Aspire.Hosting.ApplicationModel;

internal sealed class EndpointReference(ProjectResource resource)
{
    public string Expression => $"{{{resource.Name}.bindings.http.url}}";

    public string Url => resource.Address.ToString().TrimEnd('/');
}
