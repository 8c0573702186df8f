using System.Diagnostics;

namespace AppHost.Tests.Kills;

/// <summary>Kills parts of a running AppHost, one to three in a round, at moments and in an order that a seed chooses.</summary>
/// <param name="parts">What is killed; null for whatever AppHost starts but the simulator, whose numbers are the judge.</param>
internal sealed class RandomKills(AppHostProcess appHost, int seed, IReadOnlyList<string>? parts = null)
{
    private static readonly string[] AllParts = ["collector", "dashboard", "functions", "eventhubs", "postgres", "nats-1"];

    private const int MaxKillsPerRound = 3;
    private static readonly TimeSpan MaxDelayBetweenKills = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(3);

    private readonly Random _random = new(seed);
    private readonly HashSet<string> _killed = [];

    /// <summary>The parts that were killed.</summary>
    public IReadOnlySet<string> Killed => _killed;

    /// <summary>How many processes were killed.</summary>
    public int Kills { get; private set; }

    /// <summary>
    /// Kills some, waits until each was started again, and lets them run for a moment, in which not all may be ready yet.
    /// </summary>
    /// <returns>The parts that were killed.</returns>
    public async Task<IReadOnlyList<string>> RoundAsync(CancellationToken cancellationToken)
    {
        string[] chosen = [.. parts ?? AllParts];
        _random.Shuffle(chosen);
        chosen = chosen[..(1 + _random.Next(MaxKillsPerRound))];
        // Of this round alone: a long run sees process ids come back.
        var killed = new Dictionary<string, int>();
        foreach (var part in chosen)
        {
            await PauseAsync(MaxDelayBetweenKills, cancellationToken);
            // The page and the relay start in parallel with the feed, so a part may not have a process to kill yet.
            await appHost.WaitForLineAsync(
                line => AppHostProcess.IsOf(line, part) && AppHostProcess.ProcessIdIn(line) is not null, cancellationToken);
            killed[part] = Kill(part);
        }

        foreach (var part in chosen)
        {
            await WaitForNextAsync(part, killed[part], cancellationToken);
        }

        await PauseAsync(MaxPause, cancellationToken);
        return chosen;
    }

    /// <summary>Kills one, and does not wait for it.</summary>
    /// <returns>The id of the process.</returns>
    public int Kill(string part)
    {
        var processId = appHost.ProcessIdOf(part);
        using var process = Process.GetProcessById(processId);
        process.Kill();
        Kills++;
        _killed.Add(part);
        return processId;
    }

    /// <summary>Waits until a part that was killed was started again.</summary>
    public Task WaitForNextAsync(string part, int killed, CancellationToken cancellationToken) => appHost.WaitForLineAsync(
        line => AppHostProcess.IsOf(line, part) && AppHostProcess.ProcessIdIn(line) is { } process && process != killed
            && IsNewest(part, process), cancellationToken);

    private bool IsNewest(string part, int process) => appHost.ProcessIdOf(part) == process;

    private Task PauseAsync(TimeSpan longest, CancellationToken cancellationToken) =>
        Task.Delay(longest * _random.NextDouble(), TimeProvider.System, cancellationToken);
}
