namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of the system.</summary>
internal interface IResource
{
    public string Name { get; }
}

/// <summary>A part that others reach by a connection string.</summary>
internal interface IResourceWithConnectionString : IResource
{
    /// <summary>The name under which others get the connection string.</summary>
    public string ConnectionName { get; }

    /// <summary>The connection string; known once the resource runs.</summary>
    public string ConnectionString { get; }
}

/// <summary>A part that takes settings from its environment.</summary>
internal interface IResourceWithEnvironment : IResource;

/// <summary>A part that listens.</summary>
internal interface IResourceWithEndpoints : IResource;

/// <summary>A part that can wait for others.</summary>
internal interface IResourceWithWaitSupport : IResource;
