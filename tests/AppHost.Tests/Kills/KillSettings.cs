using System.Globalization;

namespace AppHost.Tests.Kills;

/// <summary>What the environment says of tests that kill processes at random.</summary>
internal static class KillSettings
{
    /// <summary><c>CLOUDTICKS_KILL_ROUNDS</c>; null for the usual time.</summary>
    public static int? Rounds { get; } = Setting("CLOUDTICKS_KILL_ROUNDS");

    /// <summary><c>CLOUDTICKS_KILL_SEED</c>, or another one each time.</summary>
    public static int Seed { get; } = Setting("CLOUDTICKS_KILL_SEED") ?? Random.Shared.Next();

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
            : null;
}
