namespace Aspire.Hosting;

/// <summary>The extension methods that describe a resource, with the names and semantics of Aspire's.</summary>
internal static class ResourceBuilderExtensions
{
    /// <summary>Passes the other resource's connection string to the service as <c>ConnectionStrings__NAME</c>.</summary>
    public static IResourceBuilder<T> WithReference<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResourceWithConnectionString> source)
        where T : IResourceWithEnvironment
    {
        var resource = source.Resource;
        return builder.With(
            $"ConnectionStrings__{resource.ConnectionName}", $"{{{resource.Name}.connectionString}}", () => resource.ConnectionString);
    }

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment => builder.With(name, value ?? "", () => value ?? "");

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpoint)
        where T : IResourceWithEnvironment => builder.With(name, endpoint.Expression, () => endpoint.Url);

    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment => builder.With(name, $"{{{parameter.Resource.Name}.value}}", () => parameter.Resource.Value);

    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport
    {
        ((LocalResource)(IResource)builder.Resource).Awaited.Add(dependency.Resource);
        return builder;
    }

    public static IResourceBuilder<T> WithHttpEndpoint<T>(this IResourceBuilder<T> builder, int port, string name)
        where T : ProjectResource
    {
        builder.Resource.PreferredPort = port;
        return name == "http"
            ? builder
            : throw new ArgumentException($"A service has one endpoint here, 'http', not '{name}'.", nameof(name));
    }

    public static IResourceBuilder<T> WithHttpHealthCheck<T>(this IResourceBuilder<T> builder, string path)
        where T : ProjectResource
    {
        builder.Resource.HealthPath = path;
        return builder;
    }

    public static EndpointReference GetEndpoint(this IResourceBuilder<ProjectResource> builder, string name) =>
        name == "http"
            ? new EndpointReference(builder.Resource)
            : throw new ArgumentException($"There is no endpoint '{name}'.", nameof(name));

    private static IResourceBuilder<T> With<T>(this IResourceBuilder<T> builder, string name, string expression, Func<string> value)
        where T : IResourceWithEnvironment
    {
        ((ProjectResource)(IResource)builder.Resource).Environment.Add(new(name, expression, value));
        return builder;
    }
}
