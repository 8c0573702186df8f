using System.Diagnostics;

namespace AppHost.Tests.Kills;

/// <summary>Kills parts of a running AppHost, one to three per round, at times and in an order that depend on a seed.</summary>
/// <param name="parts">
/// The parts to kill; null for <see cref="AllParts"/>, which excludes the simulator, because the test needs its counts.
/// </param>
internal sealed class RandomKills(AppHostProcess appHost, int seed, IReadOnlyList<string>? parts = null)
{
    private static readonly string[] AllParts = ["collector", "dashboard", "functions", "eventhubs", "postgres", "nats-1"];

    private const int MaxKillsPerRound = 3;
    private static readonly TimeSpan MaxDelayBetweenKills = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(3);

    private readonly Random _random = new(seed);
    private readonly HashSet<string> _killed = [];

    /// <summary>The parts that were killed.</summary>
    public IReadOnlySet<string> KilledParts => _killed;

    /// <summary>The number of processes that were killed.</summary>
    public int Kills { get; private set; }

    /// <summary>Kills some parts, waits until each was restarted, and pauses; some parts may still be starting afterwards.</summary>
    /// <returns>The parts that were killed.</returns>
    public async Task<IReadOnlyList<string>> RoundAsync(CancellationToken cancellationToken)
    {
        string[] chosen = [.. parts ?? AllParts];
        _random.Shuffle(chosen);
        chosen = chosen[..(1 + _random.Next(MaxKillsPerRound))];
        // Remember only the processes of this round, because process ids are reused in a long run.
        var killed = new Dictionary<string, int>();
        foreach (var part in chosen)
        {
            await PauseAsync(MaxDelayBetweenKills, cancellationToken);
            // The dashboard and the relay start in parallel with the feed, so a part may not have a process to kill yet.
            await appHost.WaitForLineAsync(
                line => AppHostProcess.IsOf(line, part) && AppHostProcess.ProcessIdIn(line) is not null, cancellationToken);
            killed[part] = await KillAsync(part, cancellationToken);
        }

        foreach (var part in chosen)
        {
            await WaitForNextAsync(part, killed[part], cancellationToken);
        }

        await PauseAsync(MaxPause, cancellationToken);
        return chosen;
    }

    /// <summary>Kills a part's process, without waiting for its restart.</summary>
    /// <returns>The id of the process.</returns>
    public async Task<int> KillAsync(string part, CancellationToken cancellationToken)
    {
        var processId = appHost.ProcessIdOf(part);
        while (!TryKill(processId))
        {
            // The process has ended, for example because a server that it needs is still starting, and AppHost restarts it.
            await WaitForNextAsync(part, processId, cancellationToken);
            processId = appHost.ProcessIdOf(part);
        }

        Kills++;
        _killed.Add(part);
        return processId;
    }

    /// <summary>Waits until a killed part was restarted.</summary>
    public Task WaitForNextAsync(string part, int killed, CancellationToken cancellationToken) => appHost.WaitForLineAsync(
        line => AppHostProcess.IsOf(line, part) && AppHostProcess.ProcessIdIn(line) is { } process && process != killed
            && IsNewest(part, process), cancellationToken);

    /// <returns>False if there is no such process, or if it is a zombie.</returns>
    private static bool TryKill(int processId)
    {
        if (!LinuxProcesses.Runs(processId))
            return false;
        try
        {
            using var process = Process.GetProcessById(processId);
            process.Kill();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private bool IsNewest(string part, int process) => appHost.ProcessIdOf(part) == process;

    private Task PauseAsync(TimeSpan longest, CancellationToken cancellationToken) =>
        Task.Delay(longest * _random.NextDouble(), TimeProvider.System, cancellationToken);
}
