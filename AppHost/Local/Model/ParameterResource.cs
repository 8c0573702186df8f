using System.Text.Json.Nodes;
using CloudTicks.AppHost.Local.Running;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value from configuration (<c>Parameters:NAME</c>) that is passed to services and never logged.</summary>
internal sealed class ParameterResource(string name, IConfiguration configuration) : LocalResource(name)
{
    public string Value => configuration[$"Parameters:{Name}"]
        ?? throw new LocalRunException($"Parameter '{Name}' has no value: set Parameters__{Name} in the environment.");

    public override JsonObject ManifestEntry() => ManifestEntries.Secret(Name);

    public override Task StartAsync(LocalEnvironment environment, CancellationToken cancellationToken) => Task.CompletedTask;
}
