namespace Aspire.Hosting.ApplicationModel;

internal interface IResource
{
    public string Name { get; }
}

internal interface IResourceWithConnectionString : IResource
{
    public string ConnectionName { get; }

    public string ConnectionString { get; }
}

internal interface IResourceWithEnvironment : IResource;

internal interface IResourceWithEndpoints : IResource;

internal interface IResourceWithWaitSupport : IResource;
