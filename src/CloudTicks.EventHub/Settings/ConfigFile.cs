using System.Text.Json;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;

namespace CloudTicks.EventHub.Settings;

/// <summary>The file that <c>--config</c> names. It overrides appsettings.json; the environment and the command line override it.</summary>
internal static class ConfigFile
{
    private static readonly string[] Sections =
    [
        EventHubOptions.Section, "Logging", "LOG_LEVEL", "LOG_JSON", "log-level", "log-json", "urls", "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_SERVICE_NAME",
    ];

    /// <exception cref="HubStartException">The file cannot be read, is not JSON, or has an unknown section.</exception>
    public static void Add(ConfigurationManager configuration, string path)
    {
        var settings = Read(path);
        foreach (var section in settings.GetChildren().Where(section => !Sections.Contains(section.Key, StringComparer.OrdinalIgnoreCase)))
        {
            throw new HubStartException(
                $"The configuration file {path} has the unknown section {section.Key}: put its settings into "
                    + $"{EventHubOptions.Section}.");
        }

        IList<IConfigurationSource> sources = configuration.Sources;
        var environment = sources.OfType<EnvironmentVariablesConfigurationSource>().LastOrDefault();
        sources.Insert(
            environment is null ? sources.Count : sources.IndexOf(environment),
            new MemoryConfigurationSource { InitialData = settings.AsEnumerable() });
    }

    private static IConfigurationRoot Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return new ConfigurationBuilder().AddJsonStream(file).Build();
        }
        catch (Exception e) when (e is FormatException or InvalidDataException or JsonException)
        {
            // The framework's message quotes the file, which may contain a password.
            var line = e.GetBaseException() is JsonException { LineNumber: { } number } ? $", line {number + 1}" : "";
            throw new HubStartException(
                $"The configuration file {path}{line} is not valid: write JSON as in {{ \"EventHub\": {{ \"Port\": 9092 }} }}, and use "
                    + $"each name only once.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new HubStartException($"The configuration file {path} cannot be read: {e.Message}", e);
        }
    }
}
