using Microsoft.Extensions.Configuration;

namespace CloudTicks.Functions.Hosting.EventHubs;

/// <summary>Reads <c>host.json</c> as the Functions runtime does; <c>AzureFunctionsJobHost:path:to:value</c> overrides it.</summary>
internal static class HostJson
{
    private const string Overrides = "AzureFunctionsJobHost";

    /// <exception cref="InvalidDataException">The file is not valid JSON.</exception>
    public static IConfiguration Read(string folder, IConfiguration settings) => new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(folder, "host.json"), optional: true, reloadOnChange: false)
        .AddInMemoryCollection(settings.GetSection(Overrides).AsEnumerable(makePathsRelative: true))
        .Build();
}
