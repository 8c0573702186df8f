namespace Aspire.Hosting.ApplicationModel;

internal interface IResourceBuilder<out T>
    where T : IResource
{
    public T Resource { get; }

    public IDistributedApplicationBuilder ApplicationBuilder { get; }
}

/// <inheritdoc cref="IResourceBuilder{T}"/>
internal sealed record ResourceBuilder<T>(T Resource, IDistributedApplicationBuilder ApplicationBuilder) : IResourceBuilder<T>
    where T : IResource;
