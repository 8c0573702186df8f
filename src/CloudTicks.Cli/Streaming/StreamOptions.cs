using CloudTicks.Ticks;

namespace CloudTicks.Cli.Streaming;

/// <summary>The options of <c>cloudticks stream</c>; null or empty where not set.</summary>
internal sealed record StreamOptions
{
    public IReadOnlyList<string> Symbols { get; init; } = [];

    public IReadOnlyList<string> SymbolFiles { get; init; } = [];

    public IReadOnlyList<string> Lists { get; init; } = [];

    public Market? Market { get; init; }

    public bool Force { get; init; }

    public string? Feed { get; init; }

    public int? MaxExpiryDays { get; init; }

    public string? OptionType { get; init; }

    public string? DbServer { get; init; }

    public int? SymbolsPerConnection { get; init; }

    public int? MaxConnections { get; init; }

    public TimeSpan? BatchInterval { get; init; }

    public string? LogLevel { get; init; }

    public string? RedisUrl { get; init; }

    public string? DataFolder { get; init; }
}
