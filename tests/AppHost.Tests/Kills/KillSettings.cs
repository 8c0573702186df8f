using System.Globalization;

namespace AppHost.Tests.Kills;

/// <summary>The settings, read from environment variables, of the tests that kill processes at random.</summary>
internal static class KillSettings
{
    /// <summary>The number of rounds, from <c>CLOUDTICKS_KILL_ROUNDS</c>; null to run for the default time.</summary>
    public static int? Rounds { get; } = Setting("CLOUDTICKS_KILL_ROUNDS");

    /// <summary>The random seed, from <c>CLOUDTICKS_KILL_SEED</c>; by default a new seed for each run.</summary>
    public static int Seed { get; } = Setting("CLOUDTICKS_KILL_SEED") ?? Random.Shared.Next();

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
            : null;
}
