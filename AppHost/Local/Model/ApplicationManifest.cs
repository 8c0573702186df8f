using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.AppHost.Local.CommandLine;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Prints the composition as an Aspire manifest. Starts nothing, and contains references instead of secrets.</summary>
internal static class ApplicationManifest
{
    private const string Schema = "https://json.schemastore.org/aspire-8.0.json";

    // Relaxed escaping keeps connection strings readable; the manifest is never part of a web page.
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static int Print(IReadOnlyList<LocalResource> resources)
    {
        Console.Out.WriteLine(Of(resources).ToJsonString(Layout));
        return ExitCodes.Ok;
    }

    public static JsonObject Of(IReadOnlyList<LocalResource> resources)
    {
        var entries = new JsonObject();
        foreach (var resource in resources)
        {
            entries[resource.Name] = resource.ManifestEntry();
        }

        foreach (var server in resources.OfType<PostgresServerResource>())
        {
            entries[$"{server.Name}-password"] = ManifestEntries.Secret($"{server.Name}-password", PostgresServerResource.PasswordLength);
        }

        return new JsonObject { ["$schema"] = Schema, ["resources"] = entries };
    }
}
