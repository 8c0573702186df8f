using CloudTicks.Lake.Manifests;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Comparing;

/// <summary>Selects days of the lake.</summary>
public sealed record LakeSelection
{
    private const long MsPerDay = 86_400_000;

    /// <summary>Selects the days that have changed since they were last proved.</summary>
    public static LakeSelection Changed { get; } = new();

    /// <summary>Whether to include days that are already proved.</summary>
    public bool IncludesProved { get; init; }

    /// <summary>Selects only days that end after this time, Unix ms, UTC; null for no limit.</summary>
    public long? FromMs { get; init; }

    /// <summary>Selects only days that begin before this time, Unix ms, UTC; null for no limit.</summary>
    public long? ToMs { get; init; }

    /// <summary>The kind to select; null for all.</summary>
    public TickKind? Kind { get; init; }

    /// <summary>The market to select; null for all.</summary>
    public Market? Market { get; init; }

    /// <summary>The days to select; null for all.</summary>
    public IReadOnlySet<LakeDay>? Days { get; init; }

    /// <summary>
    /// Whether the selection is limited by time, kind, market or day; the selected days are then compared even if they are proved.
    /// </summary>
    internal bool IsLimited => FromMs is not null || ToMs is not null || Kind is not null || Market is not null
        || Days is not null;

    internal bool Includes(LakeDay day) =>
        (FromMs is not { } from || day.StartMs + MsPerDay > from) && (ToMs is not { } to || day.StartMs < to)
        && Days?.Contains(day) != false && (Kind ?? day.Kind) == day.Kind && (Market ?? day.Market) == day.Market;
}
