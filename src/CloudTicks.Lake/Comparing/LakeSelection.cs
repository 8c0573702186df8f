using CloudTicks.Lake.Manifests;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Comparing;

/// <summary>Selects days of the lake.</summary>
public sealed record LakeSelection
{
    private const long MsPerDay = 86_400_000;

    /// <summary>The days that have changed since they were last proved.</summary>
    public static LakeSelection Changed { get; } = new();

    /// <summary>Whether to select proved days, too.</summary>
    public bool IsAll { get; init; }

    /// <summary>Only days that end after this time, Unix ms, UTC.</summary>
    public long? FromMs { get; init; }

    /// <summary>Only days that begin before this time, Unix ms, UTC.</summary>
    public long? ToMs { get; init; }

    /// <summary>Only this kind.</summary>
    public TickKind? Kind { get; init; }

    /// <summary>Only this market.</summary>
    public Market? Market { get; init; }

    /// <summary>Only these days.</summary>
    public IReadOnlySet<LakeDay>? Days { get; init; }

    /// <summary>Whether days were named; then only those are compared, even if proved.</summary>
    internal bool IsNamed => FromMs is not null || ToMs is not null || Kind is not null || Market is not null
        || Days is not null;

    internal bool Takes(LakeDay day) =>
        (FromMs is not { } from || day.StartMs + MsPerDay > from) && (ToMs is not { } to || day.StartMs < to)
        && Days?.Contains(day) != false && (Kind ?? day.Kind) == day.Kind && (Market ?? day.Market) == day.Market;
}
