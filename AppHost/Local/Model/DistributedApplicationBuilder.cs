using CloudTicks.AppHost.Local.CommandLine;

namespace Aspire.Hosting;

/// <inheritdoc cref="IDistributedApplicationBuilder"/>
internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly List<LocalResource> _resources = [];

    public DistributedApplicationBuilder(RunCommand command)
    {
        Command = command;
        Configuration.SetBasePath(AppContext.BaseDirectory);
        Configuration.AddJsonFile("appsettings.json", optional: false);
        Configuration.AddEnvironmentVariables();
        Configuration.AddInMemoryCollection(command.Parameters);
    }

    public RunCommand Command { get; }

    public ConfigurationManager Configuration { get; } = new();

    /// <summary>All resources, in composition order.</summary>
    public IReadOnlyList<LocalResource> Resources => _resources;

    /// <summary>The collectors: <c>collector</c>, <c>collector-2</c>, and so on.</summary>
    public IReadOnlyList<ProjectResource> Collectors =>
        [.. _resources.OfType<ProjectResource>()
            .Where(resource => resource.Name == "collector" || resource.Name.StartsWith("collector-", StringComparison.Ordinal))];

    /// <summary>The Functions hosts: <c>functions</c>, <c>functions-2</c>, and so on.</summary>
    public IReadOnlyList<AzureFunctionsProjectResource> FunctionHosts => [.. _resources.OfType<AzureFunctionsProjectResource>()];

    public DistributedApplication Build() => new(this);

    public IResourceBuilder<T> Add<T>(T resource)
        where T : LocalResource
    {
        if (_resources.Any(known => known.Name == resource.Name))
        {
            throw new ArgumentException($"There are two resources named '{resource.Name}'.", nameof(resource));
        }

        _resources.Add(resource);
        return new ResourceBuilder<T>(resource, this);
    }
}
