namespace Aspire.Hosting.ApplicationModel;

/// <summary>Describes one resource.</summary>
internal interface IResourceBuilder<out T>
    where T : IResource
{
    public T Resource { get; }

    /// <summary>The composition that it is part of.</summary>
    public IDistributedApplicationBuilder ApplicationBuilder { get; }
}

/// <inheritdoc cref="IResourceBuilder{T}"/>
internal sealed record ResourceBuilder<T>(T Resource, IDistributedApplicationBuilder ApplicationBuilder) : IResourceBuilder<T>
    where T : IResource;
