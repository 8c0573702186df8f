using static System.FormattableString;

namespace CloudTicks.Verification.Findings;

/// <summary>Formats numbers, times and lists of names for sentences.</summary>
internal static class Format
{
    private const int MaxNames = 10;

    /// <summary>Formats a number of ms as a duration: <c>0.2 s</c>, <c>75 s</c>, <c>12 min</c>, <c>3.5 h</c>.</summary>
    public static string Seconds(double milliseconds) => milliseconds switch
    {
        < 10_000 => Invariant($"{milliseconds / 1000:0.0} s"),
        < 120_000 => Invariant($"{milliseconds / 1000:0} s"),
        < 7_200_000 => Invariant($"{milliseconds / 60_000:0} min"),
        _ => Invariant($"{milliseconds / 3_600_000:0.#} h"),
    };

    public static string Time(long unixMs) =>
        unixMs is < -62_135_596_800_000 or > 253_402_300_799_999
            ? Invariant($"{unixMs}")
            : Invariant($"{DateTimeOffset.FromUnixTimeMilliseconds(unixMs):yyyy-MM-ddTHH:mm:ssZ}");

    /// <summary>Lists at most ten names, and how many more there are.</summary>
    public static string List(IReadOnlyCollection<string> names) =>
        names.Count <= MaxNames
            ? string.Join(", ", names)
            : Invariant($"{string.Join(", ", names.Take(MaxNames))} and {names.Count - MaxNames} more");
}
