using System.Text.Json;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>Runs the JavaScript clients, the scripts in the folder <c>node</c>.</summary>
internal static class NodeClients
{
    private static readonly NodeScripts Scripts = new(Path.Combine(AppContext.BaseDirectory, "Clients", "node"), "event-hub-clients");

    /// <summary>Runs a scenario of a script against an event hub.</summary>
    /// <returns>The script's output.</returns>
    public static async Task<JsonElement> RunAsync(string script, string scenario, string bootstrapServers, params string[] arguments)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (packages, problem) = await Scripts.PackagesAsync().WaitAsync(cancellation);
        Assert.SkipWhen(packages is null, problem);
        var (exitCode, output, complaints) = await Scripts.RunAsync(
            packages!, script, [scenario, bootstrapServers, .. arguments], cancellation);
        exitCode.ShouldBe(0, $"{script} {scenario}: {complaints}");
        return JsonDocument.Parse(output).RootElement;
    }
}
