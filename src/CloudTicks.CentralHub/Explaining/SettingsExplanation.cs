using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;

namespace CloudTicks.CentralHub.Explaining;

/// <summary>Explains this process's settings: the origin of each value, and the values that it overrides. Secrets are masked.</summary>
public sealed class SettingsExplanation
{
    private const string Default = "default";

    /// <summary>
    /// The sections that are explained in addition to the registered options. All others are omitted, because the environment may contain
    /// unrelated secrets.
    /// </summary>
    private static readonly string[] OwnSections =
    [
        "Access", "AzureFunctionsJobHost", "CentralHub", "CLOUDTICKS_HUB_KEY", "CLOUDTICKS_HUB_READER_KEY", "CLOUDTICKS_HUB_WRITER_KEY",
        "CLOUDTICKS_LIBDUCKDB", "CLOUDTICKS_LIBNATS", "CLOUDTICKS_LIBRDKAFKA", "CLOUDTICKS_SETTINGS",
        "Collector", "ConnectionStrings", "DbCommand", "EventStream", "FunctionsHosting", "LOG_JSON", "LOG_LEVEL",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "POLYGON_API_KEY", "Polygon", "Reading", "Timescale", "urls",
    ];

    private readonly IConfigurationRoot _configuration;
    private readonly OptionDefaults[] _defaults;

    internal SettingsExplanation(IConfiguration configuration, IEnumerable<OptionDefaults> defaults) => (_configuration, _defaults) = (
        configuration as IConfigurationRoot ?? throw new ArgumentException("The configuration has no sources.", nameof(configuration)),
        [.. defaults]);

    /// <summary>Reads the settings.</summary>
    /// <returns>Settings with a value or a default, sorted by name.</returns>
    public IReadOnlyList<ExplainedSetting> Read()
    {
        var defaults = _defaults.SelectMany(options => options.Read()).ToDictionary(StringComparer.OrdinalIgnoreCase);
        IConfigurationProvider[] providers = [.. Flatten(_configuration).Reverse()];
        var names = OwnSections.SelectMany(section => Names(_configuration.GetSection(section))).Concat(defaults.Keys)
            .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase);
        return [.. names.Select(name => Explain(name, providers, defaults))];
    }

    private static ExplainedSetting Explain(string name, IConfigurationProvider[] providers, Dictionary<string, string?> defaults)
    {
        var values = new List<(bool IsList, SourcedValue Value)>();
        foreach (var provider in providers)
        {
            if (provider.TryGet(name, out var text))
            {
                values.Add((false, new SourcedValue(Source(provider), SettingMask.Of(name, text))));
            }
            else if (Items(provider, name) is { Length: > 0 } items)
            {
                values.Add((true, new SourcedValue(Source(provider), SettingMask.Of(name, string.Join(',', items)))));
            }
        }

        // A value that is one text overrides lists, whatever the priority of their sources.
        var ordered = values.OrderBy(value => value.IsList).Select(value => value.Value).ToList();
        if (defaults.TryGetValue(name, out var byDefault) && (byDefault is not null || ordered.Count == 0))
        {
            ordered.Add(new SourcedValue(Default, SettingMask.Of(name, byDefault)));
        }

        return new ExplainedSetting(name, ordered[0].Value, ordered[0].Source, ordered[1..]);
    }

    /// <summary>Returns the names in a section that have a value. A list counts as one name.</summary>
    private static IEnumerable<string> Names(IConfigurationSection section)
    {
        IConfigurationSection[] children = [.. section.GetChildren()];
        var isList = children.Length > 0 && children.All(child => int.TryParse(child.Key, out _));
        return (section.Value is not null || isList ? [section.Path] : Enumerable.Empty<string>())
            .Concat(isList ? [] : children.SelectMany(Names));
    }

    private static string[] Items(IConfigurationProvider provider, string name) =>
    [
        .. provider.GetChildKeys([], name).Where(key => int.TryParse(key, out _)).Distinct()
            .Select(key => provider.TryGet(ConfigurationPath.Combine(name, key), out var item) ? item : null).OfType<string>(),
    ];

    private static IEnumerable<IConfigurationProvider> Flatten(IConfigurationRoot root) => root.Providers.SelectMany(
        provider => provider is ChainedConfigurationProvider { Configuration: IConfigurationRoot inner } ? Flatten(inner) : [provider]);

    private static string Source(IConfigurationProvider provider) => provider switch
    {
        EnvironmentVariablesConfigurationProvider => "environment",
        CommandLineConfigurationProvider => "command line",
        JsonConfigurationProvider { Source.Path: var path } => $"file {path}",
        MemoryConfigurationProvider => "program",
        _ => provider.ToString() ?? provider.GetType().Name,
    };
}
