using System.Globalization;
using CloudTicks.Cli.Places;
using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Symbols;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Cli.Streaming;

/// <summary>Maps the options to the collector's settings: options override the environment, their defaults do not.</summary>
internal static class StreamSettings
{
    private const string EndpointSetting = "Polygon:Endpoint";
    private const string FeedSetting = "Collector:FeedName";
    private const string FolderSetting = "Collector:DataFolder";

    /// <summary>Adds the settings of a stream to the configuration.</summary>
    /// <exception cref="Collection.CollectorException">The symbols are invalid.</exception>
    /// <exception cref="FormatException">The event hub is ambiguous.</exception>
    public static void Add(ConfigurationManager configuration, StreamOptions options)
    {
        var choice = MarketChoice.Resolve(
            options.Market, options.Symbols, options.SymbolFiles, options.Lists, configuration["Collector:ListFolder"], options.Force);
        configuration.AddDefaults(Defaults());
        configuration.AddInMemoryCollection(
        [
            new("Collector:Symbols", string.Join(',', choice.Symbols)),
            new("Collector:Underlyings", string.Join(',', choice.Underlyings)),
            new("Collector:SymbolFiles", ""),
            new("Collector:Lists", ""),
            .. SetOptions(options),
        ]);
        var feed = configuration[FeedSetting] is { Length: > 0 } set ? set : FeedOf(configuration[EndpointSetting]).ToString();
        var folder = configuration[FolderSetting] is { Length: > 0 } chosen ? chosen : StreamFolder.Claim(feed.ToLowerInvariant());
        configuration.AddInMemoryCollection(
            [
                new(FeedSetting, feed), new(FolderSetting, folder),
                new("ConnectionStrings:eventhubs", AnnounceDestination(configuration, options, feed)),
            ]);
    }

    /// <summary>
    /// Prints where the ticks are sent. Returns the event hub's address, even if the ticks are sent to another server.
    /// </summary>
    private static string? AnnounceDestination(ConfigurationManager configuration, StreamOptions options, string feed)
    {
        var target = new TargetSystem(options.DataFolder, isChange: true, Console.Error, feed.ToLowerInvariant());
        if (configuration["Collector:DbServer"] is { Length: > 0 } server)
        {
            var source = options.DbServer is null ? AddressSource.Environment : AddressSource.Option;
            target.Announce(
                ("server", new Place<string>(server, source, options.DbServer is null ? "Collector__DbServer" : "--db-server")));
            return configuration["ConnectionStrings:eventhubs"] ?? "127.0.0.1:9092";
        }

        new Servers(target).Announce(isFromArchive: true);
        return target.EventHub().Address;
    }

    private static IEnumerable<KeyValuePair<string, string?>> Defaults() =>
    [
        new("Collector:Feed", "quotes"),
        new("Collector:BatchInterval", "00:00:01"),
        // Short, because the collector itself waits for acknowledgements, and must exit within 5 s of SIGTERM.
        new("EventStream:Producer:DrainTimeout", "00:00:01"),
    ];

    /// <summary>The options and the settings that they set.</summary>
    public static SettingNames Names { get; } = new(
        SettingsOf(new StreamOptions()).Select(one => (one.Setting, one.Option))
            .Concat([("Collector:Symbols", "--symbols"), ("Collector:Underlyings", "--symbols")])
            .ToDictionary(one => one.Item1, one => one.Item2));

    private static IEnumerable<KeyValuePair<string, string?>> SetOptions(StreamOptions options) =>
        SettingsOf(options).Where(one => one.Value is not null).Select(one => new KeyValuePair<string, string?>(one.Setting, one.Value));

    private static (string Setting, string Option, string? Value)[] SettingsOf(StreamOptions options) =>
    [
        ("Collector:Feed", "--feed", options.Feed),
        ("Collector:MaxExpiryDays", "--max-expiry-days", options.MaxExpiryDays?.ToString(CultureInfo.InvariantCulture)),
        ("Collector:OptionType", "--option-type", options.OptionType),
        ("Collector:DbServer", "--db-server", options.DbServer),
        ("Collector:BatchInterval", "--batch-interval", options.BatchInterval?.ToString("c", CultureInfo.InvariantCulture)),
        (
            "Polygon:SymbolsPerConnection", "--symbols-per-connection",
            options.SymbolsPerConnection?.ToString(CultureInfo.InvariantCulture)),
        ("Polygon:MaxConnections", "--max-connections", options.MaxConnections?.ToString(CultureInfo.InvariantCulture)),
        ("ConnectionStrings:redis", "--redis-url", options.RedisUrl),
        ("log-level", "--log-level", options.LogLevel),
    ];

    /// <summary>An endpoint on this machine is a simulator's; all others are Polygon's.</summary>
    private static FeedName FeedOf(string? endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.IsLoopback ? FeedName.Simulated : FeedName.Polygon;
}
