namespace ServiceDefaults.Tests.Logs;

/// <summary>A clock that always shows the same time, in a time zone other than UTC.</summary>
internal sealed class FixedTime : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("far", TimeSpan.FromHours(9), "far", "far");

    public override DateTimeOffset GetUtcNow() => new(2026, 1, 5, 7, 8, 9, 45, TimeSpan.Zero);
}
