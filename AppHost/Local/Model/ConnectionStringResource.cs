using CloudTicks.AppHost.Local.Running;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A server of one's own, by the connection string in <c>ConnectionStrings:NAME</c>.</summary>
internal sealed class ConnectionStringResource(string name, IConfiguration configuration) : LocalResource(name), IResourceWithConnectionString
{
    public string ConnectionName => Name;

    public string ConnectionString => configuration.GetConnectionString(Name)
        ?? throw new LocalRunException($"There is no connection string '{Name}': set ConnectionStrings__{Name} in the environment.");

    public override Task StartAsync(LocalEnvironment environment, CancellationToken cancellationToken)
    {
        environment.Lines.Write(Name, $"one's own, by ConnectionStrings__{Name}");
        return Task.CompletedTask;
    }
}
